using System.Collections.Concurrent;
using Microsoft.AspNetCore.Routing;

namespace Messaging.FleetServer.Access;

/// <summary>
/// The one table of who may do what. An endpoint that is not listed is refused to everybody, and a test walks all endpoints:
/// a new one is not reachable before somebody decided here who may use it.
/// </summary>
internal sealed class AccessTable
{
    public const string AnyMethod = "*";

    public static readonly IReadOnlyList<AccessRule> Rules =
    [
        new("GET", "/health/live", AccessLevel.Anonymous),
        new("GET", "/health/ready", AccessLevel.Anonymous),
        new("GET", "/openapi/{documentName}.json", AccessLevel.Anonymous),
        new("GET", "/scalar/{documentName?}", AccessLevel.Anonymous),
        new("GET", "/scalar/favicon.svg", AccessLevel.Anonymous),
        new("GET", "/scalar/scalar.js", AccessLevel.Anonymous),
        new("GET", "/scalar/scalar.aspnetcore.js", AccessLevel.Anonymous),
        new("GET", "/{**path}", AccessLevel.Anonymous),
        new("HEAD", "/{**path}", AccessLevel.Anonymous),

        new("GET", "/api/v1/setup", AccessLevel.Anonymous),
        new("POST", "/api/v1/setup", AccessLevel.Anonymous, "setup.complete"),
        new("POST", "/api/v1/session", AccessLevel.Anonymous, "session.create"),
        new("GET", "/api/v1/session", AccessLevel.Viewer),
        new("DELETE", "/api/v1/session", AccessLevel.Viewer, "session.end"),
        new("GET", "/api/v1/operators", AccessLevel.Owner),
        new("POST", "/api/v1/operators", AccessLevel.Owner, "operator.create"),
        new("PATCH", "/api/v1/operators/{id}", AccessLevel.Owner, "operator.update"),
        new("DELETE", "/api/v1/operators/{id}", AccessLevel.Owner, "operator.delete"),
        // Everybody may change the own password; the endpoint refuses other people's to all but owners.
        new("POST", "/api/v1/operators/{id}/password", AccessLevel.Viewer, "operator.password"),
        new("GET", "/api/v1/api-tokens", AccessLevel.Owner),
        new("POST", "/api/v1/api-tokens", AccessLevel.Owner, "api-token.create"),
        new("DELETE", "/api/v1/api-tokens/{id}", AccessLevel.Owner, "api-token.delete"),
        new("GET", "/api/v1/audit", AccessLevel.Owner),
        new("GET", "/api/v1/audit/state", AccessLevel.Owner),
        new("POST", "/api/v1/audit/verify", AccessLevel.Owner, "audit.verify"),
        new("GET", "/api/v1/audit/chain", AccessLevel.Owner),
        new("GET", "/api/v1/audit/checkpoints", AccessLevel.Owner),
        new("GET", "/api/v1/audit/executions", AccessLevel.Owner),
        new("GET", "/api/v1/audit/device-keys", AccessLevel.Owner),
        new("GET", "/api/v1/audit/findings", AccessLevel.Owner),
        new("POST", "/api/v1/audit/findings/{id}/acknowledge", AccessLevel.Owner, "audit.acknowledge"),

        new("GET", "/api/v1/devices", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/twin", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/updates", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/updates/{commandId}", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/components", AccessLevel.Viewer),
        new("GET", "/api/v1/updates", AccessLevel.Viewer),
        new("GET", "/api/v1/updates/totals", AccessLevel.Viewer),
        new("GET", "/api/v1/components", AccessLevel.Viewer),
        new("PATCH", "/api/v1/devices/{id}", AccessLevel.Operator, "device.update"),
        new("DELETE", "/api/v1/devices/{id}", AccessLevel.Operator, "device.revoke"),
        new("POST", "/api/v1/devices/{id}/approve", AccessLevel.Operator, "device.approve"),
        new("POST", "/api/v1/devices/{id}/reject", AccessLevel.Operator, "device.reject"),
        new("PUT", "/api/v1/devices/{id}/pause", AccessLevel.Operator, "device.pause"),
        new("DELETE", "/api/v1/devices/{id}/pause", AccessLevel.Operator, "device.resume"),
        new("PUT", "/api/v1/pause", AccessLevel.Operator, "fleet.pause"),
        new("DELETE", "/api/v1/pause", AccessLevel.Operator, "fleet.resume"),
        new("GET", "/api/v1/devices/{id}/metrics", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/metrics/names", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/metrics/series", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/logs", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/events", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/boots", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/gaps", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/files", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/files/{fileId}", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/files/{fileId}/content", AccessLevel.Viewer),
        new("DELETE", "/api/v1/devices/{id}/files/{fileId}", AccessLevel.Operator, "file.delete"),
        new("GET", "/api/v1/recordings", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/recordings/{commandId}", AccessLevel.Viewer),

        // Who took one is a part of the audit, though nobody but its recipients can open it.
        new("GET", "/api/v1/devices/{id}/recordings/{commandId}/content", AccessLevel.Operator, "recording.get"),

        // Devices and mirrors: what is true of it is proved by signatures, and what is secret of it is encrypted.
        new("GET", "/api/v1/repository/metadata/{file}", AccessLevel.Anonymous),
        new("HEAD", "/api/v1/repository/metadata/{file}", AccessLevel.Anonymous),
        new("GET", "/api/v1/repository/targets/{**path}", AccessLevel.Anonymous),
        new("HEAD", "/api/v1/repository/targets/{**path}", AccessLevel.Anonymous),
        new("GET", "/api/v1/repository", AccessLevel.Viewer),
        new("GET", "/api/v1/repository/releases", AccessLevel.Viewer),
        new("GET", "/api/v1/repository/draft/{role}", AccessLevel.Viewer),
        new("GET", "/api/v1/repository/draft/{role}/signed", AccessLevel.Viewer),
        // None of these gives power over devices: that takes the keys of the root and of the targets.
        new("PUT", "/api/v1/repository/draft/{role}", AccessLevel.Operator, "repository.draft"),
        new("DELETE", "/api/v1/repository/draft/{role}", AccessLevel.Operator, "repository.discard"),
        new("PUT", "/api/v1/repository/draft/{role}/signatures/{keyId}", AccessLevel.Operator, "repository.sign"),
        new("POST", "/api/v1/repository/publish", AccessLevel.Operator, "repository.publish"),
        new("GET", "/api/v1/repository/artifacts", AccessLevel.Viewer),
        new("GET", "/api/v1/repository/artifacts/{sha256}", AccessLevel.Viewer),
        new("GET", "/api/v1/repository/artifacts/{sha256}/content", AccessLevel.Viewer),
        new("PUT", "/api/v1/repository/artifacts/{sha256}", AccessLevel.Operator, "artifact.upload"),
        new("DELETE", "/api/v1/repository/artifacts/{sha256}", AccessLevel.Operator, "artifact.delete"),
        // Who read a key is a part of the audit.
        new("GET", "/api/v1/repository/keys/{sha256}", AccessLevel.Operator, "release-key.get"),
        new("PUT", "/api/v1/repository/keys/{sha256}", AccessLevel.Operator, "release-key.keep"),
        new("DELETE", "/api/v1/repository/keys/{sha256}", AccessLevel.Operator, "release-key.delete"),
        new("GET", "/api/v1/devices/{id}/commands", AccessLevel.Viewer),
        new("POST", "/api/v1/devices/{id}/commands", AccessLevel.Operator, "command.create"),
        new("POST", "/api/v1/devices/{id}/commands/signed", AccessLevel.Operator, "command.create"),
        new("GET", "/api/v1/devices/{id}/commands/{commandId}", AccessLevel.Viewer),
        new("GET", "/api/v1/devices/{id}/commands/{commandId}/output", AccessLevel.Viewer),
        new("GET", "/api/v1/command-types", AccessLevel.Viewer),
        new("DELETE", "/api/v1/devices/{id}/commands/{commandId}", AccessLevel.Operator, "command.cancel"),
        // WebSockets: they look at the origin themselves, and write themselves to the audit.
        new("GET", "/api/v1/devices/{id}/sessions/{sessionId}", AccessLevel.Operator),
        new("CONNECT", "/api/v1/devices/{id}/sessions/{sessionId}", AccessLevel.Operator),
        new("GET", "/api/v1/commands/sets", AccessLevel.Viewer),
        new("POST", "/api/v1/commands/sets", AccessLevel.Operator, "command-set.create"),
        new("POST", "/api/v1/commands/sets/signed", AccessLevel.Operator, "command-set.create"),
        new("GET", "/api/v1/commands/sets/{id}", AccessLevel.Viewer),
        new("GET", "/api/v1/commands/sets/{id}/devices", AccessLevel.Viewer),
        new("DELETE", "/api/v1/commands/sets/{id}", AccessLevel.Operator, "command-set.cancel"),
        new("GET", "/api/v1/commands/proposals", AccessLevel.Viewer),
        new("POST", "/api/v1/commands/proposals", AccessLevel.Operator, "proposal.create"),
        new("GET", "/api/v1/commands/proposals/{id}", AccessLevel.Viewer),
        new("GET", "/api/v1/commands/proposals/{id}/order", AccessLevel.Operator),
        new("POST", "/api/v1/commands/proposals/{id}/signatures", AccessLevel.Operator, "proposal.sign"),
        // The endpoint refuses other people's to all but owners.
        new("DELETE", "/api/v1/commands/proposals/{id}", AccessLevel.Operator, "proposal.withdraw"),
        new("GET", "/api/v1/enrolment-tokens", AccessLevel.Operator),
        new("POST", "/api/v1/enrolment-tokens", AccessLevel.Operator, "enrolment-token.create"),
        new("DELETE", "/api/v1/enrolment-tokens/{id}", AccessLevel.Operator, "enrolment-token.revoke"),
        // Devices prove themselves by a token inside the sealed request.
        new("POST", "/api/v1/enrol", AccessLevel.Anonymous),
        new("GET", "/api/v1/trust", AccessLevel.Anonymous),
        new("POST", "/api/v1/trust", AccessLevel.Owner, "trust.change"),
        // A request gives no power: that takes a roster which an owner's key has signed.
        new("GET", "/api/v1/trust/requests", AccessLevel.Operator),
        new("POST", "/api/v1/trust/requests", AccessLevel.Operator, "key-request.create"),
        new("DELETE", "/api/v1/trust/requests/{id}", AccessLevel.Operator, "key-request.delete"),
        // Devices prove themselves to the relay, inside MQTT.
        new(AnyMethod, "/mqtt", AccessLevel.Anonymous),
        new(AnyMethod, "/mqtt/poll", AccessLevel.Anonymous),
        // A channel is opened by its secret, which every request carries.
        new(AnyMethod, "/channels/v1", AccessLevel.Anonymous) { AnyOrigin = true },
        new(AnyMethod, "/channels/v1/{id}", AccessLevel.Anonymous) { AnyOrigin = true },
        new(AnyMethod, "/channels/v1/{id}/members", AccessLevel.Anonymous) { AnyOrigin = true },
        new(AnyMethod, "/channels/v1/{id}/records", AccessLevel.Anonymous) { AnyOrigin = true },
        new(AnyMethod, "/channels/v1/{id}/stream", AccessLevel.Anonymous) { AnyOrigin = true },
        // Agents of the legacy profile: a session is opened by its id, and what is asked of channels by the key that made them.
        new(AnyMethod, "/messaging-platform/api/v1/messaging-service/create-channel", AccessLevel.Anonymous) { AnyOrigin = true },
        new(AnyMethod, "/messaging-platform/api/v1/messaging-service/connect", AccessLevel.Anonymous) { AnyOrigin = true },
        new(AnyMethod, "/messaging-platform/api/v1/messaging-service/event", AccessLevel.Anonymous) { AnyOrigin = true },
        new(AnyMethod, "/messaging-platform/api/v1/messaging-service/receive", AccessLevel.Anonymous) { AnyOrigin = true },
        new(AnyMethod, "/messaging-platform/api/v1/messaging-service/list-agents", AccessLevel.Anonymous) { AnyOrigin = true },
        new(AnyMethod, "/messaging-platform/api/v1/messaging-service/disconnect", AccessLevel.Anonymous) { AnyOrigin = true },
        new(AnyMethod, "/messaging-platform/api/v1/messaging-service/channels", AccessLevel.Anonymous) { AnyOrigin = true },
        new(AnyMethod, "/messaging-platform/api/v1/messaging-service/channel/{id}", AccessLevel.Anonymous) { AnyOrigin = true },

        new("GET", "/api/v1/events", AccessLevel.Viewer),
        new("GET", "/api/v1/rejections", AccessLevel.Viewer),
        new("GET", "/api/v1/relay", AccessLevel.Viewer),
        new("GET", "/api/v1/relay/activity", AccessLevel.Viewer),
        // Who is connected from where, and which channels there are, is for those who have to act on it.
        new("GET", "/api/v1/relay/mqtt-connections", AccessLevel.Operator),
        new("DELETE", "/api/v1/relay/mqtt-connections/{id}", AccessLevel.Operator, "mqtt-connection.cut"),
        new("GET", "/api/v1/relay/channels", AccessLevel.Operator),
        new("GET", "/api/v1/system", AccessLevel.Viewer),
    ];

    private readonly ConcurrentDictionary<Endpoint, AccessRule[]> _known = new();

    /// <summary>The rule of an endpoint for a method; null when nobody listed it.</summary>
    public AccessRule? Find(Endpoint endpoint, string method)
    {
        foreach (var rule in _known.GetOrAdd(endpoint, Look))
        {
            if (rule.Method == AnyMethod || rule.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>How the table names an endpoint: one pair for each method that it takes.</summary>
    public static IEnumerable<(string Method, string Pattern)> Names(Endpoint endpoint)
    {
        var pattern = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "";
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods;
        return methods is { Count: > 0 } ? methods.Select(method => (method, Slash(pattern))) : [(AnyMethod, Slash(pattern))];
    }

    private static AccessRule[] Look(Endpoint endpoint) =>
        [.. Names(endpoint).SelectMany(name => Rules.Where(rule => rule.Method == name.Method && rule.Pattern == name.Pattern))];

    private static string Slash(string pattern) => pattern.StartsWith('/') ? pattern : "/" + pattern;
}
