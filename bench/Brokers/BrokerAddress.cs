using System.Net;

namespace Messaging.Bench.Brokers;

/// <summary>Where a broker of this machine listens.</summary>
/// <param name="Port">Its port.</param>
/// <param name="IsTls">Whether it speaks TLS.</param>
/// <param name="User">Name of its user; empty: everybody may.</param>
/// <param name="Password">The user's.</param>
/// <param name="From">Where clients come from; null: 127.0.0.1. All of 127.0.0.0/8 is this machine.</param>
internal sealed record BrokerAddress(int Port, bool IsTls = false, string User = "", string Password = "", IPAddress? From = null)
{
    /// <summary>For the client of a number, as if each had a machine of its own: what one address may is bounded.</summary>
    /// <param name="net">Of 127.NET.0.0/16.</param>
    /// <param name="number">0 to 65,534.</param>
    public BrokerAddress Of(byte net, int number) => this with { From = new IPAddress([127, net, (byte)((number + 1) >> 8), (byte)(number + 1)]) };
}
