namespace Messaging.Agent.Logs.Files;

[Flags]
internal enum FilePositionFlags
{
    None = 0,

    /// <summary>The bytes before the offset are the beginning of a line that goes on.</summary>
    InsideLine = 1,

    /// <summary>A copy that a rotation made of a followed file: read to its end only as far as the original was not.</summary>
    Copy = 2,
}
