using System.Text.Json.Serialization;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Audit;
using Messaging.Cli.Keys;
using Messaging.Cli.Keys.Tokens;
using Messaging.Cli.Recordings;
using Messaging.Cli.Trust;

namespace Messaging.Cli.Verbs;

/// <summary>What --json shows.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(RepositoryListing))]
[JsonSerializable(typeof(KeyView))]
[JsonSerializable(typeof(OpenedView))]
[JsonSerializable(typeof(RecorderKeyView))]
[JsonSerializable(typeof(RecordingList))]
[JsonSerializable(typeof(TokenList))]
[JsonSerializable(typeof(TransferView))]
[JsonSerializable(typeof(TrustView))]
internal sealed partial class ViewJson : JsonSerializerContext;
