using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>One property of the desired state, with how far it is.</summary>
internal sealed class TwinProperty(ITwinSubject subject, string name)
{
    public ITwinSubject Subject => subject;

    public PropertyKind Kind => subject.Kind;

    public string Name => name;

    public PropertyStatus Status { get; set; } = PropertyStatus.New;
}
