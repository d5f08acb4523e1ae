using System.Text.Json;

namespace Messaging.FleetServer.Commands;

/// <summary>A command as somebody asks for it; checked by <see cref="ICommandService.CreateAsync"/>.</summary>
/// <param name="DeviceId">32 lower hex digits.</param>
/// <param name="Type">One of <see cref="Messaging.Commands.CommandTypes"/>.</param>
/// <param name="Args">A JSON object, or null for none.</param>
/// <param name="ExpiresIn">How long it may wait and run; null takes the default of its type.</param>
/// <param name="CreatedBy">The name that the audit and the command show.</param>
/// <param name="DryRun">The device only says whether it would run it.</param>
internal sealed record CommandRequest(string DeviceId, string Type, JsonElement? Args, TimeSpan? ExpiresIn, string CreatedBy, bool DryRun = false);
