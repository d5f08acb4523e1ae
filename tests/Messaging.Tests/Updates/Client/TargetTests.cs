using System.Text.Json.Nodes;
using Messaging.Tests.Updates.Repository;
using Messaging.Updates;
using Messaging.Updates.Client;
using Messaging.Updates.Metadata;

namespace Messaging.Tests.Updates.Client;

public sealed class TargetTests
{
    private readonly byte[] _content = [.. Enumerable.Range(0, 50_000).Select(static i => (byte)(i * 7))];
    private readonly TestRepository _repository = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Download_AnyByteChanged_IsAWrongHash()
    {
        var (client, device, target) = await FoundAsync();
        foreach (var at in new[] { 0, 16_383, 16_384, 49_999 })
        {
            byte[] changed = [.. _content];
            changed[at] ^= 1;
            Assert.Equal(TufFailure.WrongHash, (await RefusedAsync(client, device, target, () => new MemoryStream(changed))).Failure);
        }
    }

    [Fact]
    public async Task Download_AByteLess_IsAWrongLength()
    {
        var (client, device, target) = await FoundAsync();

        Assert.Equal(TufFailure.WrongLength, (await RefusedAsync(client, device, target, () => new MemoryStream(_content[..^1]))).Failure);
        Assert.Equal(TufFailure.WrongLength, (await RefusedAsync(client, device, target, () => new MemoryStream())).Failure);
    }

    [Fact]
    public async Task Download_WithoutEnd_ReadsAByteMoreAndWritesNone()
    {
        var (client, device, target) = await FoundAsync();
        using var endless = new EndlessStream();
        using var destination = new MemoryStream();
        device.Instead[Name(target)] = () => endless;

        var thrown = await Assert.ThrowsAsync<TufException>(() => client.DownloadAsync(target, destination, Stop));

        Assert.Equal(TufFailure.EndlessData, thrown.Failure);
        Assert.Equal(target.Length + 1, endless.Sent);
        Assert.InRange(destination.Length, 0, target.Length);
    }

    [Fact]
    public async Task Download_ThatIsNotThere_IsMissing()
    {
        var (client, _, target) = await FoundAsync();
        _repository.Targets.Clear();

        Assert.Equal(TufFailure.Missing, (await Assert.ThrowsAsync<TufException>(() => client.DownloadAsync(target, new MemoryStream(), Stop))).Failure);
    }

    [Fact]
    public async Task Download_SlowerThanItsLengthAllows_IsSlow()
    {
        var (client, device, target) = await FoundAsync();
        device.Instead[Name(target)] = static () => new EndlessStream(silent: true);
        var download = client.DownloadAsync(target, new MemoryStream(), Stop);

        // 50,000 bytes at 1024 a second, after the minute for the start.
        device.Time.Advance(TimeSpan.FromSeconds(60 + 47));
        Assert.False(download.IsCompleted);
        device.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TufFailure.Slow, (await Assert.ThrowsAsync<TufException>(() => download)).Failure);
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    public async Task Download_OneKnownHashIsEnough_AndUnknownOnesArePassedOver(string left)
    {
        _repository.AddTarget("targets", "dir/file", _content);
        var hashes = _repository.Signed["targets"]["targets"]!["dir/file"]!["hashes"]!.AsObject();
        var content = _repository.Targets.Values.Single();
        _repository.Signed["targets"]["targets"]!["dir/file"]!["hashes"] = new JsonObject { [left] = hashes[left]!.DeepClone(), ["blake3"] = "00" };
        _repository.Targets[$"dir/{hashes[left]}.file"] = content;
        _repository.Publish();
        var client = new TestDevice(_repository).Client();
        await client.RefreshAsync(Stop);
        using var destination = new MemoryStream();

        await client.DownloadAsync(await client.FindAsync("dir/file", Stop), destination, Stop);

        Assert.Equal(_content, destination.ToArray());
    }

    [Fact]
    public async Task Download_NoKnownHash_IsRefused()
    {
        _repository.AddTarget("targets", "dir/file", _content);
        _repository.Signed["targets"]["targets"]!["dir/file"]!["hashes"] = new JsonObject { ["blake3"] = "00" };
        _repository.Publish();
        var device = new TestDevice(_repository);
        var client = device.Client();
        await client.RefreshAsync(Stop);
        var target = await client.FindAsync("dir/file", Stop);
        device.Asked.Clear();

        Assert.Equal(TufFailure.WrongHash, (await Assert.ThrowsAsync<TufException>(() => client.DownloadAsync(target, new MemoryStream(), Stop))).Failure);
        Assert.Empty(device.Asked);
    }

    [Fact]
    public async Task Download_OneOfTwoHashesWrong_IsRefused()
    {
        _repository.AddTarget("targets", "dir/file", _content);
        _repository.Signed["targets"]["targets"]!["dir/file"]!["hashes"]!["sha512"] = new string('0', 128);
        var (client, device, target) = await FoundAsync(add: false);

        Assert.Equal(TufFailure.WrongHash, (await RefusedAsync(client, device, target, () => new MemoryStream(_content))).Failure);
    }

    [Fact]
    public void Verifier_InPieces_CountsThem()
    {
        var repository = new TestRepository();
        repository.AddTarget("targets", "file", _content);
        repository.Publish();
        var target = TargetsMetadata.Parse(repository.Metadata["1.targets.json"]).Find("file")!;
        using var verifier = new TargetVerifier(target);

        verifier.Append(_content.AsSpan(0, 20_000));
        Assert.Equal(30_000, verifier.Left);
        Assert.Equal(TufFailure.EndlessData, Assert.Throws<TufException>(() => verifier.Append(new byte[30_001])).Failure);
        verifier.Append(_content.AsSpan(20_000));
        verifier.Finish();

        Assert.Equal(_content.Length, verifier.Length);
    }

    private static string Name(TargetFile target) => $"dir/{target.Hashes.Prefix}.file";

    private static async Task<TufException> RefusedAsync(TufClient client, TestDevice device, TargetFile target, Func<Stream> instead)
    {
        device.Instead[Name(target)] = instead;
        return await Assert.ThrowsAsync<TufException>(() => client.DownloadAsync(target, new MemoryStream(), Stop));
    }

    private async Task<(TufClient Client, TestDevice Device, TargetFile Target)> FoundAsync(bool add = true)
    {
        if (add)
        {
            _repository.AddTarget("targets", "dir/file", _content);
        }

        _repository.Publish();
        var device = new TestDevice(_repository);
        var client = device.Client();
        await client.RefreshAsync(Stop);
        return (client, device, await client.FindAsync("dir/file", Stop));
    }
}
