namespace Messaging.Agent.Commands.Handlers;

/// <summary>Permissions as people write them: 0644.</summary>
internal static class FileMode8
{
    public static string Of(string path) => Text((int)File.GetUnixFileMode(path));

    public static string Text(int mode) => "0" + Convert.ToString(mode, toBase: 8).PadLeft(3, '0');
}
