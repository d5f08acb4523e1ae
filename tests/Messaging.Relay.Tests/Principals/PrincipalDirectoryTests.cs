using Messaging.Relay.Principals;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;

namespace Messaging.Relay.Tests.Principals;

public sealed class PrincipalDirectoryTests : IDisposable
{
    private readonly Principal _first = new();
    private readonly Principal _second = new();
    private readonly PrincipalDirectory _directory = new();

    [Fact]
    public void Apply_SnapshotInParts_IsInForceOnlyAtItsEnd()
    {
        Assert.Equal(DirectoryOutcome.Staged, Apply(5, DirectoryUpdateKind.SnapshotBegin));
        Assert.Equal(DirectoryOutcome.Staged, Apply(5, DirectoryUpdateKind.SnapshotPart, _first.Entry()));
        Assert.False(_directory.IsReady);
        Assert.Null(_directory.Find(_first.Id));

        Assert.Equal(DirectoryOutcome.Replaced, Apply(5, DirectoryUpdateKind.SnapshotEnd, _second.Entry()));

        Assert.True(_directory.IsReady);
        Assert.NotNull(_directory.Find(_first.Id));
        Assert.NotNull(_directory.Find(_second.Id));
        Assert.Equal(5UL, _directory.Version);
    }

    [Fact]
    public void Apply_SecondSnapshot_ForgetsWhoIsNotInIt()
    {
        Snapshot(1, _first.Entry(), _second.Entry());
        Snapshot(2, _second.Entry());

        Assert.Null(_directory.Find(_first.Id));
        Assert.NotNull(_directory.Find(_second.Id));
    }

    [Fact]
    public void Apply_PartOfAnotherSnapshot_IsOutOfOrder()
    {
        Apply(5, DirectoryUpdateKind.SnapshotBegin);

        Assert.Equal(DirectoryOutcome.OutOfOrder, Apply(6, DirectoryUpdateKind.SnapshotPart, _first.Entry()));
        Assert.Equal(DirectoryOutcome.OutOfOrder, Apply(6, DirectoryUpdateKind.SnapshotEnd));
        Assert.False(_directory.IsReady);
    }

    [Fact]
    public void Apply_DeltaBeforeTheFirstSnapshot_IsOutOfOrder() =>
        Assert.Equal(DirectoryOutcome.OutOfOrder, Apply(1, DirectoryUpdateKind.Delta, _first.Entry()));

    [Theory]
    [InlineData(4UL)]
    [InlineData(5UL)]
    public void Apply_DeltaOfAnOldVersion_ChangesNothing(ulong version)
    {
        Snapshot(5, _first.Entry());

        Assert.Equal(DirectoryOutcome.OutOfOrder, Apply(version, DirectoryUpdateKind.Delta, _first.Entry(DirectoryStatus.Revoked)));
        Assert.True(_directory.Find(_first.Id)!.IsActive);
    }

    [Fact]
    public void Apply_DeltaDuringASnapshot_OutlivesIt()
    {
        Snapshot(1, _first.Entry());
        Apply(2, DirectoryUpdateKind.SnapshotBegin, _first.Entry());
        Apply(3, DirectoryUpdateKind.Delta, _first.Entry(DirectoryStatus.Revoked));
        Apply(2, DirectoryUpdateKind.SnapshotEnd);

        Assert.False(_directory.Find(_first.Id)!.IsActive);
    }

    [Fact]
    public void Apply_EntryWithAPointOffTheCurve_ChangesNothing()
    {
        Snapshot(1, _first.Entry());
        var broken = _second.Entry() with { IdentityPoint = [4, .. new byte[64]] };

        Assert.Equal(DirectoryOutcome.InvalidKey, Apply(2, DirectoryUpdateKind.Delta, _first.Entry(DirectoryStatus.Revoked), broken));
        Assert.True(_directory.Find(_first.Id)!.IsActive);
        Assert.Equal(1UL, _directory.Version);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private void Snapshot(ulong version, params DirectoryEntry[] entries)
    {
        Apply(version, DirectoryUpdateKind.SnapshotBegin, entries);
        Assert.Equal(DirectoryOutcome.Replaced, Apply(version, DirectoryUpdateKind.SnapshotEnd));
    }

    private DirectoryOutcome Apply(ulong version, DirectoryUpdateKind kind, params DirectoryEntry[] entries) =>
        _directory.Apply(new DirectoryUpdate(version, kind, entries));
}
