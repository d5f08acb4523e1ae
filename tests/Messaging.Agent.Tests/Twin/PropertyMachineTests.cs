using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Twin;
using Messaging.Twin;

namespace Messaging.Agent.Tests.Twin;

public sealed class PropertyMachineTests
{
    private static readonly PropertyLimits Limits = new(TimeSpan.FromMinutes(10), 3, TimeSpan.FromSeconds(2), TriesAgain: false);
    private static readonly PropertyStatus Converged = PropertyMachine.Next(PropertyStatus.New, Look.Same, 0, Limits).Status;

    [Fact]
    public void Next_NewAndAnother_IsConvergingAndActsAtOnce()
    {
        var step = PropertyMachine.Next(PropertyStatus.New, Look.Different("it is not there"), 5, Limits);

        Assert.Equal((PropertyState.Converging, true, PropertyNews.None), (step.Status.State, step.Acts, step.News));
        Assert.Equal(("it is not there", 600_005L), (step.Status.Detail, step.Status.UntilMs));
    }

    [Fact]
    public void Next_SameAfterAnAttempt_IsConvergedAndNotHealed()
    {
        var acted = PropertyMachine.Acted(PropertyMachine.Next(PropertyStatus.New, Look.Different("x"), 0, Limits).Status, null, 0, Limits);

        var step = PropertyMachine.Next(acted, Look.Same, 1, Limits);

        Assert.Equal((PropertyState.Converged, 0u, PropertyNews.None), (step.Status.State, step.Status.Healed, step.News));
    }

    [Fact]
    public void Next_ConvergedAndThenAnother_HasDriftedAndIsHealedOnce()
    {
        var drifted = PropertyMachine.Next(Converged, Look.Different("x"), 10, Limits);
        var again = PropertyMachine.Next(drifted.Status, Look.Different("x"), 11, Limits);
        var healed = PropertyMachine.Next(again.Status, Look.Same, 12, Limits);
        var after = PropertyMachine.Next(healed.Status, Look.Same, 13, Limits);

        Assert.Equal((PropertyState.Drifted, true, PropertyNews.Drifted), (drifted.Status.State, drifted.Acts, drifted.News));
        Assert.Equal(PropertyNews.None, again.News);
        Assert.Equal((PropertyState.Converged, 1u, PropertyNews.Healed), (healed.Status.State, healed.Status.Healed, healed.News));
        Assert.Equal((1u, PropertyNews.None), (after.Status.Healed, after.News));
    }

    [Fact]
    public void Next_DriftKnownBeforeARestart_IsHealedOnceAndTellsNoSecondDrift()
    {
        var drifted = PropertyMachine.Restarted(PropertyMachine.Next(Converged, Look.Different("x"), 10, Limits).Status);

        var still = PropertyMachine.Next(drifted, Look.Different("x"), 0, Limits);
        var healed = PropertyMachine.Next(drifted, Look.Same, 0, Limits);

        Assert.Equal((PropertyState.Drifted, PropertyNews.None), (still.Status.State, still.News));
        Assert.Equal((1u, PropertyNews.Healed), (healed.Status.Healed, healed.News));
    }

    [Fact]
    public void Next_ConvergedAndNobodySaysSoAfterARestart_WaitsAndHasNotDrifted()
    {
        var waiting = PropertyMachine.Next(PropertyMachine.Restarted(Converged), Look.Waiting("a program"), 0, Limits);
        var said = PropertyMachine.Next(waiting.Status, Look.Same, 1, Limits);

        Assert.Equal((PropertyState.Converging, PropertyNews.None), (waiting.Status.State, waiting.News));
        Assert.Equal((0u, PropertyNews.None), (said.Status.Healed, said.News));
    }

    [Fact]
    public void Next_AfterAllAttempts_HasFailedWithWhatTheLastOneSaid()
    {
        var (status, now, attempts) = (PropertyStatus.New, 0L, 0);
        while (status.State != PropertyState.Failed)
        {
            var step = PropertyMachine.Next(status, Look.Different("it is inactive"), now, Limits);
            status = step.Status;
            if (step.Acts)
            {
                attempts++;
                status = PropertyMachine.Acted(status, $"systemd says: failed ({attempts})", now, Limits);
            }

            now = PropertyMachine.WakeMs(status, Limits) ?? now;
        }

        Assert.Equal((3, "systemd says: failed (3)", 14_000L), (attempts, status.Detail, now));
        Assert.False(PropertyMachine.Next(status, Look.Different("it is inactive"), now + 1_000_000, Limits).Acts);
        Assert.Equal(PropertyState.Converged, PropertyMachine.Next(status, Look.Same, now, Limits).Status.State);
    }

    [Fact]
    public void Next_AtItsDeadline_HasFailedWhateverItWaitsFor()
    {
        var waiting = PropertyMachine.Next(PropertyStatus.New, Look.Waiting("a program"), 0, Limits).Status;

        Assert.Equal(PropertyState.Converging, PropertyMachine.Next(waiting, Look.Waiting("a program"), 599_999, Limits).Status.State);
        var late = PropertyMachine.Next(waiting, Look.Waiting("a program"), 600_000, Limits);
        Assert.Equal((PropertyState.Failed, "a program", PropertyNews.Failed), (late.Status.State, late.Status.Detail, late.News));
    }

    [Fact]
    public void Next_FailedAndTriesAgain_ActsAtEachFurtherLookAfterAPause()
    {
        var limits = Limits with { TriesAgain = true };
        var failed = PropertyMachine.Next(PropertyStatus.New, Look.Impossible("not allowed"), 0, limits).Status;

        var step = PropertyMachine.Next(failed, Look.Different("x"), 1, limits);
        var acted = PropertyMachine.Acted(step.Status, "disk full", 1, limits);

        Assert.True(step.Acts);
        Assert.False(PropertyMachine.Next(acted, Look.Different("x"), 2, limits).Acts);
        Assert.True(PropertyMachine.Next(acted, Look.Different("x"), 3_000, limits).Acts);
        Assert.Equal("disk full", acted.Detail);
    }

    /// <summary>Whatever is seen in whatever order: nothing waits without an end, and nothing is healed that had not drifted.</summary>
    [Fact]
    public void Next_AnyLooks_KeepsItsPromises()
    {
        var random = new Lcg(43);
        for (var run = 0; run < 500; run++)
        {
            var (status, now, drifts) = (PropertyStatus.New, 0L, 0u);
            for (var i = 0; i < 60; i++)
            {
                now += random.Next(120_000);
                var look = random.Next(4) switch { 0 => Look.Same, 1 => Look.Different("d"), 2 => Look.Waiting("w"), _ => Look.Impossible("i") };
                var step = PropertyMachine.Next(status, look, now, Limits);
                drifts += step.News == PropertyNews.Drifted || (step.News == PropertyNews.Failed && status.WasInForce) ? 1u : 0u;
                status = step.Acts ? PropertyMachine.Acted(step.Status, null, now, Limits) : step.Status;
                Assert.Equal(status.State is PropertyState.Converging or PropertyState.Drifted, status.UntilMs > now);
                Assert.True(status.Healed <= drifts, $"healed {status.Healed} of {drifts}");
                Assert.True(step.News != PropertyNews.Healed || look.Kind == LookKind.Same);
            }
        }
    }
}
