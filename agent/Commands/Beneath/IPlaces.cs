namespace Messaging.Agent.Commands.Beneath;

/// <summary>The file system below the folders that the device's owner allows.</summary>
internal interface IPlaces
{
    /// <param name="root">The allowed folder.</param>
    /// <param name="names">From there to the file.</param>
    /// <exception cref="IOException">A folder is not there, is a link or may not be opened.</exception>
    IPlace Open(string root, string[] names);
}
