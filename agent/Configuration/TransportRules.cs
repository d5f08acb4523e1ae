namespace Messaging.Agent.Configuration;

/// <summary>What the options of the transport must fulfil.</summary>
internal static class TransportRules
{
    private static readonly string[] Schemes = ["mqtts", "mqtt", "wss", "ws", "https", "http"];

    public static IEnumerable<OptionProblem> Check(TransportOptions options)
    {
        if (options.Endpoint.Contains('@', StringComparison.Ordinal))
        {
            // It might be a password: it is not repeated.
            yield return new OptionProblem("Transport:Endpoint", "must not hold a user or a password: the device proves itself by its key");
        }
        else
        {
            foreach (var endpoint in options.EndpointList())
            {
                if (!IsUrl(endpoint, Schemes))
                {
                    yield return new OptionProblem(
                        "Transport:Endpoint", $"'{endpoint}' is not an address such as mqtts://host:8883, wss://host/mqtt or https://host/mqtt/poll");
                }
                else if (new Uri(endpoint) is { IsLoopback: false, Scheme: "mqtt" or "ws" or "http" })
                {
                    yield return new OptionProblem("Transport:Endpoint", $"'{endpoint}' has no TLS, which is only allowed on this machine itself");
                }
            }
        }

        if (options.Proxy.Contains('@', StringComparison.Ordinal))
        {
            yield return new OptionProblem("Transport:Proxy", "must not hold a user or a password: see Transport:ProxyUser and Transport:ProxyPasswordFile");
        }
        else if (options.Proxy.Length > 0 && options.Proxy != "none" && !IsUrl(options.Proxy, ["http", "https"]))
        {
            yield return new OptionProblem("Transport:Proxy", $"'{options.Proxy}' is not an address such as http://proxy:3128, nor none");
        }
    }

    private static bool IsUrl(string text, string[] schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme) && uri.Host.Length > 0;
}
