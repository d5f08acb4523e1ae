using Messaging.Agent.Disk;
using Messaging.Commands;

namespace Messaging.Agent.Packages;

/// <summary>One command for packages, from the question whether it may be done to what has come of it.</summary>
/// <param name="place">Where.</param>
/// <param name="store">Keeps what was there before dpkg began.</param>
/// <param name="disk">For what is free.</param>
/// <param name="readPolicy">What may be done, now.</param>
/// <param name="time">The clock.</param>
internal sealed class PackageJob(AptPlace place, PackageStore store, IDisk disk, Func<PackagePolicy> readPolicy, TimeProvider time)
{
    /// <summary>How long dpkg may go on when the time is over: it is not ended in the middle unless it hangs.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(30);

    private const string Simulate = "-s";
    private const string Download = "-d";
    private TimeSpan LockPatience => TimeSpan.FromSeconds(place.LockSeconds);

    /// <summary>Does it, or says what it would do.</summary>
    /// <param name="request">What.</param>
    /// <param name="output">Gets what is written.</param>
    /// <param name="gate">Stops it before dpkg begins.</param>
    public async Task<PackageAnswer> RunAsync(PackageRequest request, JobOutput output, BeginGate gate)
    {
        // Ends what runs before dpkg begins; and dpkg itself, when it hangs.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(request.Seconds), time);
        using var early = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, gate.Stopped);
        using var hung = new CancellationTokenSource(TimeSpan.FromSeconds(request.Seconds) + Grace, time);
        using var late = limit.Token.Register(() =>
        {
            if (gate.HasBegun)
            {
                output.Say($"[The time of {request.Seconds} s is over. dpkg works, and is not ended in the middle; after {Grace.TotalMinutes:0} more minutes it is.]");
            }
        });
        try
        {
            return await RunAsync(request, new AptRunner(output), output, gate, early.Token, hung.Token);
        }
        catch (OperationCanceledException) when (gate.HasBegun)
        {
            return new PackageAnswer(PackageState.Failed, null, "dpkg hung, and was ended in the middle: the next command for packages repairs it first.");
        }
        catch (OperationCanceledException)
        {
            return gate.Reason is { } reason
                ? new PackageAnswer(PackageState.Cancelled, null, reason + " Nothing was changed.")
                : new PackageAnswer(PackageState.Failed, null, $"It took longer than {request.Seconds} s, and was ended before dpkg began: nothing was changed.");
        }
        catch (IOException e)
        {
            return new PackageAnswer(PackageState.Failed, null, e.Message);
        }
    }

    /// <summary>After the helper or the machine went down in the middle: repairs dpkg, and finds out how far it had come.</summary>
    public async Task<PackageAnswer> SettleAsync(string id, JobOutput output)
    {
        using var hung = new CancellationTokenSource(Grace, time);
        try
        {
            if (store.Begun(id) is not var (before, plan))
            {
                return new PackageAnswer(PackageState.Failed, null, "The helper went down before dpkg began: nothing was changed.");
            }

            output.Say("[The helper went down while dpkg worked.]");
            var runner = new AptRunner(output);
            if (!await DpkgLock.WaitAsync(place.LockFile, Grace, time, hung.Token))
            {
                return new PackageAnswer(PackageState.Failed, null, $"The helper went down while dpkg worked, and somebody holds {place.LockFile}: what has become of it cannot be told.");
            }

            var found = await QueryAsync(runner, hung.Token);
            var repaired = await RepairAsync(runner, output, found, hung.Token);
            var now = await QueryAsync(runner, hung.Token);
            var changes = now.Since(before);
            Conclude(output, changes, now, repaired);
            return IsInPlace(plan, now)
                ? new PackageAnswer(PackageState.Done, null, $"{PackageChange.List(changes)} The helper went down meanwhile; all that was planned is in place.")
                : new PackageAnswer(PackageState.Failed, null, $"The helper went down while dpkg worked, so that not all was done. {PackageChange.List(changes)}");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return new PackageAnswer(PackageState.Failed, null, $"The helper went down while dpkg worked, and what has become of it cannot be found out: {e.Message}");
        }
    }

    private static bool IsInPlace(IReadOnlyList<PackageChange> plan, DpkgSnapshot now)
    {
        foreach (var change in plan)
        {
            if (now.Find(change) is { IsUnfinished: true } || now.Find(change)?.Version != change.New)
            {
                return false;
            }
        }

        return plan.Count > 0;
    }

    private async Task<PackageAnswer> RunAsync(PackageRequest request, AptRunner runner, JobOutput output, BeginGate gate, CancellationToken early, CancellationToken hung)
    {
        var policy = readPolicy();
        if (policy.Judge(request) is { } refusal)
        {
            return new PackageAnswer(PackageState.Refused, null, refusal);
        }

        var before = await QueryAsync(runner, early);
        var unfinished = Unfinished(before);
        IReadOnlyList<string> repaired = [];
        if (unfinished.Count > 0 && request.IsDryRun)
        {
            output.Say($"[dpkg was interrupted, or somebody works with it. First it would be repaired: {string.Join(", ", unfinished)}]");
        }
        else if (unfinished.Count > 0)
        {
            if (!await DpkgLock.WaitAsync(place.LockFile, LockPatience, time, early))
            {
                return new PackageAnswer(PackageState.Failed, null, $"Somebody else works with packages here, for more than {place.LockSeconds} s: {place.LockFile} is locked. Nothing was changed.");
            }

            before = await QueryAsync(runner, early);
            if (Unfinished(before).Count > 0)
            {
                Begin(request, gate, before, []);
                repaired = await RepairAsync(runner, output, before, hung);
            }
        }

        return request.Action == PackageAction.Refresh
            ? await RefreshAsync(request, runner, gate.HasBegun ? hung : early)
            : await ApplyAsync(request, policy, runner, output, gate, before, repaired, early, hung);
    }

    private async Task<PackageAnswer> RefreshAsync(PackageRequest request, AptRunner runner, CancellationToken ct)
    {
        if (request.IsDryRun)
        {
            return new PackageAnswer(PackageState.Done, null, "It would read anew what there is.");
        }

        var code = await runner.RunAsync(AptRunner.Apt, place.Apt(request, null), ct);
        return code == 0 ? new PackageAnswer(PackageState.Done, 0, "It was read anew what there is.") : Failed(runner, code, "apt-get update");
    }

    private async Task<PackageAnswer> ApplyAsync(
        PackageRequest request,
        PackagePolicy policy,
        AptRunner runner,
        JobOutput output,
        BeginGate gate,
        DpkgSnapshot before,
        IReadOnlyList<string> repaired,
        CancellationToken early,
        CancellationToken hung)
    {
        // After a repair the gate is passed, and only a hanging program is ended.
        var soon = gate.HasBegun ? hung : early;
        var now = repaired.Count > 0 ? await QueryAsync(runner, soon) : before;
        var (code, simulated) = await runner.CaptureAsync(AptRunner.Apt, place.Apt(request, Simulate), soon);
        if (code != 0)
        {
            return Failed(runner, code, "Nothing was changed: apt-get");
        }

        var plan = AptPlan.Parse(simulated);
        foreach (var change in plan)
        {
            output.Say(change.AsPlan());
        }

        if (policy.Judge(request, plan, now) is { } refusal)
        {
            return new PackageAnswer(PackageState.Refused, null, refusal);
        }

        if (request.IsDryRun)
        {
            var size = await MeasureAsync(runner, plan, now, soon);
            output.Say(PackageSummary.OfPlan(plan, size, Unfinished(now)));
            return new PackageAnswer(PackageState.Done, null, Say(plan, size));
        }

        if (plan.Count == 0)
        {
            Conclude(output, now.Since(before), now, repaired);
            return new PackageAnswer(PackageState.Done, 0, Repaired(repaired) + "There is nothing to change.");
        }

        code = await runner.RunAsync(AptRunner.Apt, place.Apt(request, Download), soon);
        if (code != 0)
        {
            return Failed(runner, code, "Nothing was changed: apt-get, when it downloaded,");
        }

        Begin(request, gate, before, plan);
        code = await runner.RunAsync(AptRunner.Apt, place.Apt(request, null), hung);
        var error = runner.FirstError;
        var after = await QueryAsync(runner, hung);
        var changes = after.Since(before);
        var reboot = Conclude(output, changes, after, repaired);
        var text = $"{Repaired(repaired)}{PackageChange.List(changes)}{Unplanned(plan, changes)}{reboot}";
        return code == 0
            ? new PackageAnswer(PackageState.Done, code, text)
            : new PackageAnswer(PackageState.Failed, code, $"apt-get ended with {code}{(error is null ? "" : ": " + error)}. {text}{StillUnfinished(after)}");
    }

    private static PackageAnswer Failed(AptRunner runner, int code, string what) =>
        new(PackageState.Failed, code, $"{what} ended with {code}{(runner.FirstError is { } error ? ": " + error : "")}.");

    private static string Repaired(IReadOnlyList<string> repaired) => repaired.Count == 0 ? "" : $"dpkg had been interrupted and was repaired first ({string.Join(", ", repaired)}). ";

    private static string StillUnfinished(DpkgSnapshot after) =>
        after.Unfinished() is { Count: > 0 } names ? $" Not finished: {string.Join(", ", names)}." : "";

    /// <summary>Between the plan and the deed the lists may have been read anew.</summary>
    private static string Unplanned(IReadOnlyList<PackageChange> plan, IReadOnlyList<PackageChange> changes)
    {
        var names = new List<string>();
        foreach (var change in changes)
        {
            var isPlanned = false;
            foreach (var planned in plan)
            {
                isPlanned |= planned.BareName == change.BareName;
            }

            if (!isPlanned)
            {
                names.Add(change.Name);
            }
        }

        return names.Count == 0 ? "" : $" That was not in the plan: {string.Join(", ", names)}.";
    }

    private static string Say(IReadOnlyList<PackageChange> plan, PlanSize size)
    {
        var (installed, changed, removed) = (0, 0, 0);
        foreach (var change in plan)
        {
            installed += change.Old is null ? 1 : 0;
            removed += change.New is null ? 1 : 0;
            changed += change.Old is not null && change.New is not null ? 1 : 0;
        }

        return plan.Count == 0
            ? "There is nothing to change."
            : $"It would install {installed}, change {changed} and remove {removed}; download at most {size.DownloadBytes} bytes; take {size.DiskBytes} bytes of the {size.FreeBytes} that are free.";
    }

    private void Begin(PackageRequest request, BeginGate gate, DpkgSnapshot before, IReadOnlyList<PackageChange> plan)
    {
        if (!gate.TryBegin())
        {
            throw new OperationCanceledException(gate.Stopped);
        }

        store.Begin(request.Id, before, plan);
    }

    private async Task<DpkgSnapshot> QueryAsync(AptRunner runner, CancellationToken ct)
    {
        var (code, text) = await runner.CaptureAsync(AptRunner.DpkgQuery, place.Query(), ct);

        // 1: there is no package at all.
        return code is 0 or 1 ? DpkgSnapshot.Parse(text) : throw new IOException($"dpkg-query ended with {code}: {runner.FirstError}");
    }

    /// <summary>What dpkg was not done with; a journal that it left is one of them.</summary>
    private IReadOnlyList<string> Unfinished(DpkgSnapshot now)
    {
        var names = now.Unfinished();
        var journal = Path.Combine(place.DpkgFolder, "updates");
        if (names.Count > 0 || !Directory.Exists(journal))
        {
            return names;
        }

        // Its entries are numbers.
        foreach (var name in disk.List(journal))
        {
            if (!name.AsSpan().ContainsAnyExceptInRange('0', '9'))
            {
                return ["dpkg's journal"];
            }
        }

        return names;
    }

    /// <returns>What was repaired.</returns>
    private async Task<IReadOnlyList<string>> RepairAsync(AptRunner runner, JobOutput output, DpkgSnapshot now, CancellationToken ct)
    {
        var names = Unfinished(now);
        if (names.Count > 0)
        {
            output.Say($"[dpkg was interrupted: dpkg --configure -a, for {string.Join(", ", names)}]");
            var code = await runner.RunAsync(AptRunner.Dpkg, place.Configure(), ct);
            if (code != 0)
            {
                // A later version, or removing it, may be what helps: apt decides.
                output.Say($"[dpkg --configure -a ended with {code}; it is tried all the same.]");
            }
        }

        return names;
    }

    private async Task<PlanSize> MeasureAsync(AptRunner runner, IReadOnlyList<PackageChange> plan, DpkgSnapshot now, CancellationToken ct)
    {
        var free = disk.Space(place.Root)?.Free ?? 0;
        var arguments = place.AptCacheShow(plan);
        var shown = plan.Count > 0 && arguments[^1] != "show" ? (await runner.CaptureAsync(AptRunner.AptCache, arguments, ct)).Output : "";
        return PlanSize.Of(shown, plan, now, free);
    }

    /// <returns>What has to be said of a restart of the machine.</returns>
    private string Conclude(JobOutput output, IReadOnlyList<PackageChange> changes, DpkgSnapshot now, IReadOnlyList<string> repaired)
    {
        var needs = File.Exists(place.RebootFile);
        List<string> packages = [];
        if (needs && File.Exists(place.RebootFile + ".pkgs"))
        {
            foreach (var line in File.ReadLines(place.RebootFile + ".pkgs"))
            {
                if (line.Length > 0 && packages.Count < PackagesArguments.MaxPackages && !packages.Contains(line))
                {
                    packages.Add(line);
                }
            }
        }

        output.Say(PackageSummary.OfChanges(changes, needs, packages, now.Unfinished(), repaired));
        return !needs ? "" : packages.Count == 0 ? " The machine has to be restarted." : $" The machine has to be restarted, for {string.Join(", ", packages)}.";
    }
}
