using Messaging.Fuzz.Targets;

namespace Messaging.Fuzz;

/// <summary>Every target by its name.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyDictionary<string, FuzzTarget> All { get; } = new[]
    {
        Of<CborTarget>(), Of<FrameTarget>(), Of<CoseSign1Target>(), Of<RelayHelloTarget>(), Of<RelayChallengeTarget>(),
        Of<RelayResponseTarget>(), Of<RelayTokenTarget>(), Of<DirectoryUpdateTarget>(), Of<DirectoryAckTarget>(),
        Of<PresenceEventTarget>(), Of<RelayStatsTarget>(), Of<EpochOpenTarget>(), Of<RecordTarget>(), Of<SealedMessageTarget>(),
        Of<CommandTarget>(), Of<CommandDeliveryTarget>(), Of<CommandOrderTarget>(),
        Of<CommandArgumentsTarget>(), Of<CommandReportTarget>(), Of<CommandOutputTarget>(), Of<TwinReportTarget>(), Of<CoseSignTarget>(), Of<RootTarget>(), Of<RosterTarget>(), Of<NoticeTarget>(), Of<TrustTarget>(),
        Of<EnrolmentTokenTarget>(),
        Of<EnrolRequestTarget>(), Of<EnrolResponseTarget>(), Of<KeyUpdateTarget>(), Of<KeyUpdateReceiptTarget>(), Of<AckTarget>(),
        Of<GapTarget>(), Of<EpochRequestTarget>(), Of<PauseTarget>(), Of<ReplayWindowTarget>(), Of<MetricBatchTarget>(), Of<LogBatchTarget>(),
        Of<EventBatchTarget>(), Of<DeviceInfoTarget>(), Of<TimeBeaconTarget>(), Of<TimeRequestTarget>(),
        Of<FileManifestTarget>(), Of<FileChunkTarget>(), Of<FileEndTarget>(),
        Of<FileRequestTarget>(), Of<FileReceiptTarget>(),
        Of<SeriesBatchTarget>(), Of<SeriesDefinitionTarget>(), Of<SeriesRequestTarget>(),
        Of<SeriesAnswerTarget>(), Of<WatchTarget>(), Of<LogCheckpointTarget>(), Of<ExecutionBatchTarget>(),
        Of<SessionArgumentsTarget>(), Of<SessionMessageTarget>(), Of<SessionAcceptTarget>(), Of<SessionPacketTarget>(), Of<RecordingTarget>(),
        Of<TufMetadataTarget>(), Of<TufSignatureTarget>(), Of<TufPathTarget>(), Of<DeltaTarget>(),
        Of<UpdateStatusTarget>(), Of<UpdateReceiptTarget>(), Of<UpdateArgumentsTarget>(), Of<ReleaseTarget>(), Of<SemanticVersionTarget>(),
        Of<ChannelCreateTarget>(), Of<ChannelInfoTarget>(), Of<ChannelAppendedTarget>(), Of<ChannelPageTarget>(), Of<ChannelMemberListTarget>(), Of<ChannelJoinTarget>(),
        Of<ChannelRequestTarget>(), Of<ChannelAnswerTarget>(), Of<ChannelTextTarget>(),
    }.ToDictionary(static target => target.Name, StringComparer.Ordinal);

    private static FuzzTarget Of<T>()
        where T : IFuzzTarget => new(T.Name, T.Fuzz, T.Seeds);
}
