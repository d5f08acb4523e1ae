namespace Messaging.Agent.Status;

/// <param name="Id">32 hex digits.</param>
/// <param name="Type">Such as <c>ping</c>.</param>
/// <param name="State">As in the command report: accepted, running, done, failed, rejected, expired, unknown.</param>
/// <param name="At">When it came into this state; absent when no clock that is known today told.</param>
/// <param name="Message">Result or reason.</param>
internal sealed record CommandStatus(string Id, string Type, string State, DateTimeOffset? At, string? Message);
