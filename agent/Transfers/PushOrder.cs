using Messaging.Sessions;

namespace Messaging.Agent.Transfers;

/// <summary>A file that is to be put below an allowed folder.</summary>
/// <param name="Root">The folder.</param>
/// <param name="Names">From there to the file.</param>
/// <param name="Arguments">What was asked for.</param>
internal sealed record PushOrder(string Root, string[] Names, PushArguments Arguments);
