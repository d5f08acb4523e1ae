namespace Messaging.FleetServer.Hosting;

/// <summary>Speaks to who started the program, on standard output.</summary>
internal sealed class Announcer(TextWriter output)
{
    private readonly Lock _lock = new();

    public void Say(string text)
    {
        lock (_lock)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }
}
