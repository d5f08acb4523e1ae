using Messaging.Agent.Helper;
using Messaging.Updates;
using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.Agent.Updates.Root;

/// <summary>
/// Does what the agent asks for, as root: each step is noted before it is begun and after it was done, and can be asked for again. Nothing is
/// installed that the repository's keys have not signed, and of no kind that root's file does not name.
/// </summary>
/// <param name="folder">What is kept.</param>
/// <param name="check">What is believed of releases.</param>
/// <param name="agent">What the agent has fetched.</param>
/// <param name="hooks">Installs it.</param>
/// <param name="policy">What root's file allows now.</param>
internal sealed class UpdateJobs(UpdateFolder folder, ReleaseCheck check, IAgentFolder agent, IHooks hooks, Func<HelperPolicy> policy)
{
    /// <summary>How long a hook may take for a verb.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromHours(1);

    private const string AgentKind = "agent";

    /// <summary>What the guard gives a new agent beyond its checks, in seconds: it has to start, and maybe to wait for its network.</summary>
    private const int TrialSeconds = 300;

    /// <summary>Never throws but for what is a defect.</summary>
    public async Task<UpdateAnswer> DoAsync(UpdateRequest request, CancellationToken ct)
    {
        try
        {
            return request.Verb switch
            {
                UpdateVerb.Prepare => await PrepareAsync(request, ct),
                UpdateVerb.Stage => await StageAsync(request, ct),
                UpdateVerb.Switch => await SwitchAsync(request.Id),
                UpdateVerb.Commit => await CommitAsync(request.Id),
                UpdateVerb.Rollback => await RollBackAsync(request.Id, request.Argument),
                UpdateVerb.Forget => await ForgetAsync(request.Id),
                _ => Look(request.Id),
            };
        }
        catch (UpdateFailedException e)
        {
            return new UpdateAnswer(UpdateOutcome.Refused, PhaseOf(request.Id), e.Reason, e.Message);
        }
        catch (TufException e)
        {
            return new UpdateAnswer(UpdateOutcome.Refused, PhaseOf(request.Id), UpdateReasons.Of(e.Failure), $"As root: {e.Message}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new UpdateAnswer(UpdateOutcome.Failed, PhaseOf(request.Id), UpdateReasons.HookFailed, e.Message);
        }
    }

    /// <summary>What is to be done after the answer: <c>restart-agent</c>, <c>reboot</c>, or nothing. Asked for once.</summary>
    public string Next(CommandId id)
    {
        var path = Path.Combine(folder.Work(id), "next");
        if (!File.Exists(path))
        {
            return "";
        }

        var word = File.ReadAllText(path).Trim();
        File.Delete(path);
        return word;
    }

    private UpdatePhase PhaseOf(CommandId id)
    {
        try
        {
            return Look(id).Phase;
        }
        catch (IOException)
        {
            // It is said by what failed first.
            return UpdatePhase.None;
        }
    }

    private async Task<UpdateAnswer> PrepareAsync(UpdateRequest request, CancellationToken ct)
    {
        var (release, sha256, length) = await JudgeAsync(request.Argument, ct);
        Directory.CreateDirectory(folder.Work(request.Id));
        var values = Describe(release, sha256, length, request.Argument);
        WriteParameters(request.Id, release);
        return await RunAsync(request.Id, values, "download", artifact: false) ?? new UpdateAnswer(UpdateOutcome.Done, Look(request.Id).Phase, "", "It may be installed here.");
    }

    private async Task<UpdateAnswer> StageAsync(UpdateRequest request, CancellationToken ct)
    {
        var id = request.Id;
        if (Look(id) is { Phase: not UpdatePhase.None } known)
        {
            return known;
        }

        var (release, sha256, length) = await JudgeAsync(request.Argument, ct);
        Directory.CreateDirectory(folder.Work(id));
        var values = Describe(release, sha256, length, request.Argument);
        ArtifactCopy.Take(folder.Disk, agent, folder.Artifact(id), length, sha256);
        WriteParameters(id, release);
        if (await RunAsync(id, values, "verify") is { } unfit)
        {
            return unfit;
        }

        if (await RunAsync(id, values, "install") is { } failed)
        {
            return failed;
        }

        Note(id, values, UpdatePhase.Staged);
        return Done(UpdatePhase.Staged, "It lies in the inactive place.");
    }

    private async Task<UpdateAnswer> SwitchAsync(CommandId id)
    {
        if (Known(id, UpdatePhase.Staged, UpdatePhase.Switching) is not { } values)
        {
            return Look(id);
        }

        Note(id, values, UpdatePhase.Switching);
        if (await RunAsync(id, values, "switch") is not { } failed)
        {
            Note(id, values, UpdatePhase.Switched);
            return Done(UpdatePhase.Switched, "It is the current one now.");
        }

        if (failed.Outcome == UpdateOutcome.Later)
        {
            return failed with { Phase = UpdatePhase.Switching };
        }

        // It may be half done: back to what was there.
        var back = await RollBackAsync(id, UpdateReasons.HookFailed, failed.Text);
        return new UpdateAnswer(UpdateOutcome.Failed, back.Phase, UpdateReasons.HookFailed, failed.Text);
    }

    private async Task<UpdateAnswer> CommitAsync(CommandId id)
    {
        if (Known(id, UpdatePhase.Switched, UpdatePhase.Committing) is not { } values)
        {
            return Look(id);
        }

        Note(id, values, UpdatePhase.Committing);
        if (await RunAsync(id, values, "commit") is { } failed)
        {
            return failed with { Phase = UpdatePhase.Committing };
        }

        folder.WriteComponent(values["name"], new KeyValues()
            .Add("kind", values["kind"]).Add("version", values["version"]).Add("counter", values.Number("counter")).Add("sha256", values["sha256"]).Add("id", id.ToString()));
        Note(id, values, UpdatePhase.Committed);
        return Done(UpdatePhase.Committed, "It is installed.");
    }

    private async Task<UpdateAnswer> RollBackAsync(CommandId id, string reason, string detail = "")
    {
        if (Known(id, UpdatePhase.Staged, UpdatePhase.Switching, UpdatePhase.Switched, UpdatePhase.Committing, UpdatePhase.Reverting) is not { } values)
        {
            return Look(id);
        }

        // Who was the first to say why is right.
        var why = values["reason"].Length > 0 ? values["reason"] : reason;
        var what = values["detail"].Length > 0 ? values["detail"] : detail;
        Note(id, values, UpdatePhase.Reverting, why, what);
        if (await RunAsync(id, values.Add("reason", why), "rollback") is { } failed)
        {
            return failed with { Phase = UpdatePhase.Reverting };
        }

        Note(id, values, UpdatePhase.Reverted, why, what);
        return Done(UpdatePhase.Reverted, "What was there before is the current one again.") with { Reason = why };
    }

    private async Task<UpdateAnswer> ForgetAsync(CommandId id)
    {
        var look = Look(id);
        if (look.Phase is UpdatePhase.Switching or UpdatePhase.Switched or UpdatePhase.Committing or UpdatePhase.Reverting)
        {
            return look with { Outcome = UpdateOutcome.Refused, Text = "It is on trial: it is committed or rolled back first." };
        }

        if (folder.Read(id) is { } values && await RunAsync(id, values, "cleanup") is { } failed)
        {
            return failed;
        }

        if (Directory.Exists(folder.Work(id)))
        {
            Directory.Delete(folder.Work(id), recursive: true);
        }

        if (look.Phase == UpdatePhase.Committed && folder.Read(id) is { } committed && committed["kind"] != AgentKind && policy().UpdateKeep)
        {
            // The agent's is the file that runs.
            folder.KeepArtifact(id, committed["name"]);
        }

        folder.Delete(id);
        return Done(UpdatePhase.None, "Nothing is kept of it.");
    }

    private UpdateAnswer Look(CommandId id)
    {
        if (folder.Read(id) is not { } values)
        {
            return Done(UpdatePhase.None, "The helper has nothing of it.");
        }

        var phase = UpdateAnswer.PhaseOf(values["phase"]);
        if (phase is UpdatePhase.Switching or UpdatePhase.Switched or UpdatePhase.Committing && folder.Outcome() is { } outcome
            && (outcome["id"] == id.ToString() || (outcome["id"].Length == 0 && values["kind"] == AgentKind)))
        {
            // The guard has switched back while there was no agent to ask for it. Of a damaged trial it cannot tell the id, and then nobody else removes what it says.
            Note(id, values, UpdatePhase.Reverted, outcome["reason"], outcome["detail"]);
            if (outcome["id"].Length == 0)
            {
                folder.DeleteOutcome();
            }

            return new UpdateAnswer(UpdateOutcome.Done, UpdatePhase.Reverted, outcome["reason"], outcome["detail"]);
        }

        return new UpdateAnswer(UpdateOutcome.Done, phase, values["reason"], values["detail"].Length > 0 ? values["detail"] : "It is as it says.");
    }

    /// <summary>What is kept of it, where it is in one of these phases.</summary>
    private KeyValues? Known(CommandId id, params ReadOnlySpan<UpdatePhase> phases) => phases.Contains(Look(id).Phase) ? folder.Read(id) : null;

    private async Task<(Release Release, string Sha256, long Length)> JudgeAsync(string target, CancellationToken ct)
    {
        var found = await check.FindAsync(target, ct);
        var allowed = false;
        foreach (var kind in policy().UpdateKinds)
        {
            allowed |= kind == found.Release.Kind;
        }

        if (!allowed)
        {
            throw new UpdateFailedException(
                UpdateReasons.NotAllowed, $"Root does not allow the kind {found.Release.Kind}: write it to UpdateKinds of /etc/messaging-agent/helper.conf, under [Helper].");
        }

        return folder.Component(found.Release.Name) is { } installed && found.Release.Counter <= installed.Number("counter")
            ? throw new UpdateFailedException(UpdateReasons.Older, $"{found.Release.Name} is at counter {installed.Number("counter")}, and this release is {found.Release.Counter}.")
            : found;
    }

    private static KeyValues Describe(Release release, string sha256, long length, string target) => new KeyValues()
        .Add("kind", release.Kind).Add("name", release.Name).Add("version", release.Version.ToString()).Add("counter", release.Counter)
        .Add("sha256", sha256).Add("length", length).Add("target", target).Add("deadline", release.Health.DeadlineSeconds + TrialSeconds);

    private void Note(CommandId id, KeyValues values, UpdatePhase phase, string reason = "", string detail = "") => folder.Write(id, new KeyValues()
        .Add("phase", UpdateAnswer.Word(phase)).Add("kind", values["kind"]).Add("name", values["name"]).Add("version", values["version"]).Add("counter", values.Number("counter"))
        .Add("sha256", values["sha256"]).Add("length", values.Number("length")).Add("target", values["target"]).Add("deadline", values.Number("deadline")).Add("reason", reason).Add("detail", detail));

    private void WriteParameters(CommandId id, Release release)
    {
        var values = new KeyValues();
        foreach (var (name, value) in release.Parameters)
        {
            values.Add(name, value);
        }

        Disk.AtomicFile.Write(folder.Disk, folder.Parameters(id), values.Format());
    }

    /// <returns>Null when it was done.</returns>
    private async Task<UpdateAnswer?> RunAsync(CommandId id, KeyValues values, string verb, bool artifact = true)
    {
        var kind = values["kind"];
        if (hooks.Find(kind) is not { } hook)
        {
            return new UpdateAnswer(UpdateOutcome.Refused, Look(id).Phase, UpdateReasons.UnsupportedKind, $"This device has no hook for the kind {kind}.");
        }

        Directory.CreateDirectory(folder.Work(id));
        Directory.CreateDirectory(folder.State(values["name"]));
        var environment = new KeyValues()
            .Add("UPDATE_ID", id.ToString()).Add("UPDATE_KIND", kind).Add("UPDATE_NAME", values["name"]).Add("UPDATE_VERSION", values["version"])
            .Add("UPDATE_SIZE", values.Number("length")).Add("UPDATE_SHA256", values["sha256"]).Add("UPDATE_ROOT", folder.Root)
            .Add("UPDATE_STATE", folder.State(values["name"])).Add("UPDATE_WORK", folder.Work(id)).Add("UPDATE_DEADLINE", values.Number("deadline"))
            .Add("UPDATE_REASON", values["reason"]).Add("UPDATE_PARAMS", folder.Parameters(id));
        if (artifact)
        {
            environment.Add("UPDATE_ARTIFACT", folder.Artifact(id));
        }

        var (code, line) = await hooks.RunAsync(hook, verb, environment, LongestStep);
        var text = line.Length > 0 ? line : $"The hook {kind} {verb} ended with {code}.";
        return code switch
        {
            0 => null,
            HookRunner.Unsupported => new UpdateAnswer(UpdateOutcome.Refused, Look(id).Phase, UpdateReasons.UnsupportedKind, text),
            HookRunner.Later => new UpdateAnswer(UpdateOutcome.Later, Look(id).Phase, UpdateReasons.HookFailed, text),
            _ => new UpdateAnswer(UpdateOutcome.Failed, Look(id).Phase, UpdateReasons.HookFailed, text),
        };
    }

    private static UpdateAnswer Done(UpdatePhase phase, string text) => new(UpdateOutcome.Done, phase, "", text);
}
