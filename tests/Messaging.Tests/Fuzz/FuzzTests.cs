using System.Reflection;
using Messaging.Fuzz;
using Messaging.Fuzz.Engine;

namespace Messaging.Tests.Fuzz;

public sealed class FuzzTests
{
    private const int Iterations = 20_000;
    private const ulong Seed = 20_261_122;

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Keys];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Replay_SeedsAndCorpus_KeepEveryPromise(string target) => Assert.NotEqual(0, InProcessFuzzer.Replay(FuzzTargets.All[target]));

    [Theory]
    [MemberData(nameof(Targets))]
    public void Mutate_SeedsAndCorpus_KeepEveryPromise(string target) => InProcessFuzzer.Mutate(FuzzTargets.All[target], Iterations, Seed);

    [Fact]
    public void Corpus_EveryFolder_BelongsToATarget() => Assert.All(
        Directory.EnumerateDirectories(Corpus.Folder), static folder => Assert.Contains(Path.GetFileName(folder), FuzzTargets.All.Keys));

    [Fact]
    public void Mutate_TheSameSeed_GivesTheSameInputs()
    {
        var input = Samples.Record();

        Assert.Equal(new Mutator(7).Mutate(input), new Mutator(7).Mutate(input));
        Assert.NotEqual(new Mutator(7).Mutate(input), new Mutator(8).Mutate(input));
    }

    [Fact]
    public void All_EveryDecoderOfTheLibrary_HasATarget()
    {
        // A decoder is a static Try method that takes bytes or a text and gives a message. A new one must be added here and as a target.
        var decoders = typeof(Messaging.Wire.Frame).Assembly.GetExportedTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(static method => method.ReturnType == typeof(bool) && method.Name.StartsWith("Try", StringComparison.Ordinal))
            .Select(static method => $"{method.DeclaringType!.Name}.{method.Name}")
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

        Assert.Equal(
            """
            AckRecord.TryDecode
            AckRequest.TryDecode
            AppArguments.TryDecode
            BootId.TryParse
            BootId.TryRead
            CancelArguments.TryDecode
            ChainId.TryParse
            ChainId.TryRead
            ChannelAnswer.TryDecode
            ChannelAppended.TryDecode
            ChannelCreate.TryDecode
            ChannelId.TryParse
            ChannelId.TryRead
            ChannelInfo.TryDecode
            ChannelJoin.TryDecode
            ChannelMemberList.TryDecode
            ChannelPage.TryDecode
            ChannelRequest.TryDecode
            ChannelSocket.TryParseSecret
            CollectArguments.TryDecode
            Command.TryParse
            CommandDelivery.TryParse
            CommandId.TryParse
            CommandId.TryRead
            CommandOrder.TryDecode
            CommandOutput.TryDecode
            CommandReport.TryDecode
            CoseSign1Reader.TryRead
            CoseSignReader.TryRead
            CoseSignWriter.TryAdd
            CoseSignWriter.TryMerge
            DesiredState.TryDecode
            DeviceInfo.TryDecode
            DirectoryAck.TryDecode
            DirectoryUpdate.TryDecode
            EmptyArguments.TryDecode
            EnrolRequest.TryOpen
            EnrolResponse.TryOpen
            EnrolmentToken.TryParse
            EpochHeader.TryRead
            EpochId.TryParse
            EpochId.TryRead
            EpochReceiver.TryOpen
            EpochRequest.TryDecode
            EventBatch.TryDecode
            ExecutionBatch.TryRead
            FileChunk.TryDecode
            FileEnd.TryDecode
            FileManifest.TryDecode
            FileReadArguments.TryDecode
            FileReceipt.TryDecode
            FileRequest.TryDecode
            FileStart.TryDecode
            FileSum.TryDecode
            FileWriteArguments.TryDecode
            FleetRoot.TryRead
            Frame.TryRead
            Gap.TryDecode
            GpioSetArguments.TryDecode
            Hpke.TryOpenBase
            Hpke.TrySetupBaseRecipient
            HpkeKeyPair.TryImportPkcs8
            HpkePublicKey.TryImport
            IdentityKey.TryImportPkcs8
            IdentityPublicKey.TryImport
            KeyUpdate.TryVerify
            KeyUpdateReceipt.TryDecode
            Kid.TryRead
            LogBatch.TryDecode
            LogCheckpoint.TryRead
            MetricBatch.TryDecode
            PackageReference.TryCreate
            PackageReference.TryParse
            PackagesArguments.TryDecode
            Pause.TryDecode
            PresenceEvent.TryDecode
            PrincipalId.TryParse
            PrincipalId.TryRead
            PullArguments.TryDecode
            PushArguments.TryDecode
            PwmSetArguments.TryDecode
            RelayChallenge.TryDecode
            RelayHello.TryDecode
            RelayStats.TryDecode
            RelayToken.TryParse
            ReplayWindow.TryLoad
            RestartUnitArguments.TryDecode
            RetryAfter.TryRead
            Roster.TryRead
            RunInlineArguments.TryDecode
            RunScriptArguments.TryDecode
            SealedMessage.TryOpen
            SemanticVersion.TryParse
            SeriesAnswer.TryDecode
            SeriesDefinition.TryDecode
            SeriesRequest.TryDecode
            ServerNotice.TryRead
            SessionAccept.TryVerify
            SessionEnd.TryDecode
            SessionId.TryParse
            SessionId.TryRead
            SetIntervalsArguments.TryDecode
            SetMember.TryRead
            ShellArguments.TryDecode
            TerminalSize.TryDecode
            TimeBeacon.TryParse
            TimeRequest.TryDecode
            Topics.TryParsePresence
            Topics.TryParseUp
            TransferId.TryParse
            TransferId.TryRead
            TrustBundle.TryRead
            TrustChange.TryRead
            TwinReport.TryDecode
            UpdateArguments.TryDecode
            UpdateReceipt.TryRead
            UpdateStatus.TryDecode
            Watch.TryDecode
            """.ReplaceLineEndings("\n"),
            string.Join('\n', decoders));
    }
}
