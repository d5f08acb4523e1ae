using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Messaging.Updates;
using Messaging.Updates.Repository;

namespace Messaging.Tests.Updates.Repository;

/// <summary>What is written is what our own client reads, and what others sign and number alike.</summary>
public sealed class MetadataWriterTests : IDisposable
{
    private static readonly byte[] Content = "a program"u8.ToArray();
    private readonly WrittenRepository _repository = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task Repository_AsWritten_IsReadByTheClient()
    {
        var entry = WrittenRepository.Entry("camera/2.0.0/linux-arm64/camera é+1.tar", Content, """{"x":{"ü":"\"\\"}}"""u8.ToArray());
        _repository.Publish(1, entry);
        _repository.Files[entry.FileName] = Content;
        var client = _repository.Client;

        await client.RefreshAsync(Ct);
        var target = await client.FindAsync(entry.Path, Ct);

        Assert.Equal(Content, await WrittenRepository.DownloadAsync(client, target));
        Assert.Equal("""{"x":{"ü":"\"\\"}}""", Encoding.UTF8.GetString(target.Custom.Span));
        Assert.Equal(entry, TargetEntry.Of(target)! with { Custom = entry.Custom });
    }

    [Fact]
    public async Task Repository_SignedByAnotherKey_IsRefused()
    {
        _repository.Publish(1);
        _repository.Files["1.targets.json"] = MetadataWriter.Targets(1, WrittenRepository.End, []).Sign(_repository.Online).Encode();

        var refused = await Assert.ThrowsAsync<TufException>(() => _repository.Client.RefreshAsync(Ct));

        // The length is listed, and signatures differ in theirs.
        Assert.Contains(refused.Failure, new[] { TufFailure.NotSigned, TufFailure.WrongHash, TufFailure.WrongLength, TufFailure.EndlessData });
    }

    [Fact]
    public async Task Repository_WithATargetsFileOfBefore_IsRefused()
    {
        _repository.Publish(1, WrittenRepository.Entry("a", Content));
        await _repository.Client.RefreshAsync(Ct);
        var old = (_repository.Files["timestamp.json"], _repository.Files["1.snapshot.json"]);
        _repository.Publish(2);
        await _repository.Client.RefreshAsync(Ct);
        (_repository.Files["timestamp.json"], _repository.Files["1.snapshot.json"]) = old;

        var refused = await Assert.ThrowsAsync<TufException>(() => _repository.Client.RefreshAsync(Ct));

        Assert.Equal(TufFailure.Rollback, refused.Failure);
    }

    [Theory]
    [InlineData("1.root.json")]
    [InlineData("1.targets.json")]
    [InlineData("1.snapshot.json")]
    [InlineData("timestamp.json")]
    public void File_IsSignedOverTheCanonicalFormThatOthersMake(string name)
    {
        _repository.Publish(1, WrittenRepository.Entry("a", Content, """{"messaging-delta":{}}"""u8.ToArray()));
        var file = JsonNode.Parse(_repository.Files[name])!;
        var document = TufDocument.Parse(_repository.Files[name], name);

        Assert.Equal(TestCanonical.Write(file["signed"]), document.Canonical.ToArray());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(document.Canonical.Span)), document.Digest);
        Assert.Equal(_repository.Files[name], document.Encode());
        Assert.Equal(document.Canonical.ToArray(), TufDocument.ParseContent(document.EncodeContent(), name).Canonical.ToArray());
        var signature = Assert.Single(file["signatures"]!.AsArray())!;
        var key = name == "1.root.json" ? _repository.Root : name == "1.targets.json" ? _repository.Targets : _repository.Online;
        Assert.Equal(RepositoryKey.Of(key.Public).Id, signature["keyid"]!.GetValue<string>());
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(RepositoryKey.Of(key.Public).Key.Public);
        Assert.True(ecdsa.VerifyData(document.Canonical.Span, Convert.FromHexString(signature["sig"]!.GetValue<string>()), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    [Fact]
    public void KeyId_IsTheHashOfTheCanonicalKey()
    {
        var keys = JsonNode.Parse(_repository.Files["1.root.json"])!["signed"]!["keys"]!.AsObject();

        Assert.Equal(3, keys.Count);
        Assert.All(keys, static one => Assert.Equal(one.Key, Convert.ToHexStringLower(SHA256.HashData(TestCanonical.Write(one.Value)))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("../a")]
    [InlineData("a//b")]
    public void Targets_WithAPathThatLeadsElsewhere_AreNotWritten(string path) =>
        Assert.Equal(TufFailure.Malformed, Assert.Throws<TufException>(() => MetadataWriter.Targets(1, WrittenRepository.End, [WrittenRepository.Entry(path, Content)])).Failure);

    [Fact]
    public void Targets_WithOnePathTwice_AreNotWritten() =>
        Assert.Throws<ArgumentException>(() => MetadataWriter.Targets(1, WrittenRepository.End, [WrittenRepository.Entry("a", Content), WrittenRepository.Entry("a", [])]));
}
