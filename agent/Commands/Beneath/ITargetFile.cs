using Messaging.Agent.Disk;

namespace Messaging.Agent.Commands.Beneath;

/// <summary>A file that is there already.</summary>
internal interface ITargetFile : IDiskFile
{
    /// <summary>How it is now, whatever its name is by now.</summary>
    TargetLook Look();
}
