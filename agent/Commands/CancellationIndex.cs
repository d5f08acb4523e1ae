using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Commands;

/// <summary>Cancellations in the journal by what they cancel, which may not have come yet.</summary>
internal sealed class CancellationIndex
{
    private readonly Dictionary<CommandId, List<CommandContent>> _cancellations = [];

    public IReadOnlyList<CommandContent> Of(CommandId id) => _cancellations.TryGetValue(id, out var known) ? [.. known] : [];

    /// <summary>Does nothing for other commands.</summary>
    public void Add(CommandContent content)
    {
        if (!TryCancelled(content, out var cancelled))
        {
            return;
        }

        if (!_cancellations.TryGetValue(cancelled, out var known))
        {
            _cancellations[cancelled] = known = [];
        }

        known.Add(content);
    }

    public void Remove(CommandContent content)
    {
        if (TryCancelled(content, out var cancelled) && _cancellations.TryGetValue(cancelled, out var known))
        {
            known.RemoveAll(one => one.Id == content.Id);
            if (known.Count == 0)
            {
                _cancellations.Remove(cancelled);
            }
        }
    }

    private static bool TryCancelled(CommandContent content, out CommandId id)
    {
        id = default;
        return content is { Type: CommandTypes.Cancel, DryRun: false } && CancelArguments.TryDecode(content.Arguments.Span, out id);
    }
}
