using Messaging.Agent.Disk;

namespace Messaging.Agent.Commands.Beneath;

/// <summary>A file that is written, and has permissions.</summary>
internal interface IPlacedFile : IDiskFile
{
    void ChangeMode(int mode);
}
