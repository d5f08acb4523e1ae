namespace Messaging.Agent.Files;

/// <summary>Files that other programs made: what is a link could lead to what only the agent may read, so that none is followed.</summary>
internal interface ISources
{
    /// <summary>Null when there is nothing under the name, or it cannot be looked at.</summary>
    SourceLook? Look(string path);

    /// <exception cref="IOException">It is not there, is a link, or the agent may not read it.</exception>
    ISource Open(string path);
}
