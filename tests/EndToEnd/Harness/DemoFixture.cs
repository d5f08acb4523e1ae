namespace Messaging.EndToEnd.Harness;

/// <summary>One running demo for the tests that only look at it.</summary>
public sealed class DemoFixture : IAsyncLifetime
{
    private Demo? _demo;

    internal Demo Demo => _demo ?? throw new InvalidOperationException("The demo has not started.");

    public async ValueTask InitializeAsync() => _demo = await Demo.Start(TimeSpan.FromSeconds(120));

    public async ValueTask DisposeAsync()
    {
        if (_demo is not null)
        {
            await _demo.DisposeAsync();
        }
    }
}
