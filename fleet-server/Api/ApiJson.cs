using System.Text.Json;
using System.Text.Json.Serialization;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Audit.Findings;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Commands.Output;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Live;
using Messaging.FleetServer.Pauses;
using Messaging.FleetServer.Recordings;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Relaying.Activity;
using Messaging.FleetServer.Telemetry.Queries;
using Messaging.FleetServer.Trust.Requests;
using Messaging.FleetServer.Twin;
using Messaging.FleetServer.Updates;
using Messaging.FleetServer.Updates.Artifacts;
using Messaging.FleetServer.Updates.Devices;

namespace Messaging.FleetServer.Api;

/// <summary>
/// Everything that the API reads and writes. Strict: an unknown or repeated member, a comment or a trailing comma is an error,
/// because a mistyped option that is silently ignored is worse than a refusal.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    AllowDuplicateProperties = false,
    Converters = [typeof(RfcTimeConverter)],
    MaxDepth = 16,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(ItemList<ApiTokenView>))]
[JsonSerializable(typeof(ItemList<OperatorView>))]
[JsonSerializable(typeof(ItemPage<AuditView>))]
[JsonSerializable(typeof(AuditStateView))]
[JsonSerializable(typeof(ItemPage<ChainEntryView>))]
[JsonSerializable(typeof(ItemPage<CheckpointView>))]
[JsonSerializable(typeof(ItemPage<ExecutionBatchView>))]
[JsonSerializable(typeof(ItemPage<DeviceKeyView>))]
[JsonSerializable(typeof(ItemList<FindingView>))]
[JsonSerializable(typeof(FindingView))]
[JsonSerializable(typeof(ApiTokenRequest))]
[JsonSerializable(typeof(CreatedApiTokenView))]
[JsonSerializable(typeof(OperatorChange))]
[JsonSerializable(typeof(OperatorRequest))]
[JsonSerializable(typeof(PasswordRequest))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(SetupRequest))]
[JsonSerializable(typeof(SetupView))]
[JsonSerializable(typeof(CommandView))]
[JsonSerializable(typeof(OutputView))]
[JsonSerializable(typeof(ItemList<CommandTypeView>))]
[JsonSerializable(typeof(LiveOutputView))]
[JsonSerializable(typeof(CountedPage<DeviceView>))]
[JsonSerializable(typeof(CreatedTokenView))]
[JsonSerializable(typeof(DeviceChangeRequest))]
[JsonSerializable(typeof(CommandSetView))]
[JsonSerializable(typeof(ItemList<CommandSetView>))]
[JsonSerializable(typeof(ItemPage<CommandSetMemberView>))]
[JsonSerializable(typeof(LiveCommandSetView))]
[JsonSerializable(typeof(LiveProposalView))]
[JsonSerializable(typeof(ProposalView))]
[JsonSerializable(typeof(ItemList<ProposalView>))]
[JsonSerializable(typeof(NewCommandSetRequest))]
[JsonSerializable(typeof(ItemList<CommandView>))]
[JsonSerializable(typeof(ItemList<EventView>))]
[JsonSerializable(typeof(ItemList<KeyRequestView>))]
[JsonSerializable(typeof(KeyRequestView))]
[JsonSerializable(typeof(ItemList<BootView>))]
[JsonSerializable(typeof(ItemList<GapView>))]
[JsonSerializable(typeof(ItemList<MetricNameView>))]
[JsonSerializable(typeof(ItemList<RejectionTotalView>))]
[JsonSerializable(typeof(ItemList<TokenView>))]
[JsonSerializable(typeof(FileView))]
[JsonSerializable(typeof(RecordingView))]
[JsonSerializable(typeof(ItemPage<RecordingView>))]
[JsonSerializable(typeof(ArtifactView))]
[JsonSerializable(typeof(ItemList<ArtifactView>))]
[JsonSerializable(typeof(ReleaseKeyView))]
[JsonSerializable(typeof(ItemList<ReleaseView>))]
[JsonSerializable(typeof(RepositoryView))]
[JsonSerializable(typeof(SignatureRequest))]
[JsonSerializable(typeof(ItemPage<FileView>))]
[JsonSerializable(typeof(ItemPage<LogView>))]
[JsonSerializable(typeof(LiveLogsView))]
[JsonSerializable(typeof(LiveMetricsView))]
[JsonSerializable(typeof(NewCommandRequest))]
[JsonSerializable(typeof(NewKeyRequest))]
[JsonSerializable(typeof(NewTokenRequest))]
[JsonSerializable(typeof(PauseRequest))]
[JsonSerializable(typeof(PauseView))]
[JsonSerializable(typeof(PointsView))]
[JsonSerializable(typeof(RelayView))]
[JsonSerializable(typeof(RelayActivityView))]
[JsonSerializable(typeof(CountedPage<MqttConnectionView>))]
[JsonSerializable(typeof(CountedPage<ChannelView>))]
[JsonSerializable(typeof(SeriesListView))]
[JsonSerializable(typeof(SystemView))]
[JsonSerializable(typeof(TwinView))]
[JsonSerializable(typeof(LiveTwinView))]
[JsonSerializable(typeof(UpdateView))]
[JsonSerializable(typeof(ItemList<UpdateView>))]
[JsonSerializable(typeof(ItemPage<UpdateView>))]
[JsonSerializable(typeof(UpdateTotalsView))]
[JsonSerializable(typeof(ItemList<ComponentView>))]
[JsonSerializable(typeof(ItemList<ComponentCountView>))]
[JsonSerializable(typeof(LiveUpdateView))]
[JsonSerializable(typeof(LiveUpdatesView))]
[JsonSerializable(typeof(SignInRequest))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Gives the options of the web framework the same rules, and no other types than the listed ones.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        var source = Default.Options;
        options.AllowDuplicateProperties = source.AllowDuplicateProperties;
        options.MaxDepth = source.MaxDepth;
        options.NumberHandling = source.NumberHandling;
        options.PropertyNameCaseInsensitive = source.PropertyNameCaseInsensitive;
        options.RespectNullableAnnotations = source.RespectNullableAnnotations;
        options.UnmappedMemberHandling = source.UnmappedMemberHandling;
        foreach (var converter in source.Converters)
        {
            options.Converters.Add(converter);
        }

        options.TypeInfoResolverChain.Clear();
        options.TypeInfoResolverChain.Add(Default);
    }
}
