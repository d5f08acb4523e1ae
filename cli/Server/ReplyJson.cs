using System.Text.Json.Serialization;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Recordings;
using Messaging.Cli.Updates;

namespace Messaging.Cli.Server;

/// <summary>Later versions of the server may answer with more than is known here.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ArtifactReply))]
[JsonSerializable(typeof(PageReply<ArtifactReply>))]
[JsonSerializable(typeof(ReleaseKeyBody))]
[JsonSerializable(typeof(RepositoryReply))]
[JsonSerializable(typeof(SignatureBody))]
[JsonSerializable(typeof(CommandReply))]
[JsonSerializable(typeof(CommandSetReply))]
[JsonSerializable(typeof(PageReply<CommandSetMemberReply>))]
[JsonSerializable(typeof(PageReply<DeviceReply>))]
[JsonSerializable(typeof(PageReply<ProposalReply>))]
[JsonSerializable(typeof(ProposalReply))]
[JsonSerializable(typeof(DeviceReply))]
[JsonSerializable(typeof(PageReply<RecordingReply>))]
[JsonSerializable(typeof(RecordingReply))]
[JsonSerializable(typeof(OutputReply))]
[JsonSerializable(typeof(ProblemReply))]
[JsonSerializable(typeof(TwinReply))]
[JsonSerializable(typeof(UpdateReply))]
[JsonSerializable(typeof(UpdateTotalsReply))]
[JsonSerializable(typeof(PageReply<UpdateReply>))]
[JsonSerializable(typeof(PageReply<ComponentReply>))]
[JsonSerializable(typeof(DeviceUpdates))]
[JsonSerializable(typeof(FleetUpdates))]
internal sealed partial class ReplyJson : JsonSerializerContext;
