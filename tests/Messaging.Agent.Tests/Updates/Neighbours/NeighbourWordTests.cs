using System.Security.Cryptography;
using Messaging.Agent.Updates.Neighbours;

namespace Messaging.Agent.Tests.Updates.Neighbours;

/// <summary>Questions and answers on a link, and what is none.</summary>
public sealed class NeighbourWordTests
{
    private readonly byte[] _nonce = RandomNumberGenerator.GetBytes(NeighbourWord.NonceBytes);
    private readonly byte[] _artifact = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void Question_IsOfTheVector()
    {
        byte[] artifact = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];
        byte[] nonce = [.. Enumerable.Range(0x40, 16).Select(static i => (byte)i)];

        Assert.Equal(
            "4d53474e0101ffff404142434445464748494a4b4c4d4e4f" + Proof("4d53474e0101ffff404142434445464748494a4b4c4d4e4f", artifact),
            Convert.ToHexStringLower(NeighbourWord.Question(nonce, NeighbourWord.Everybody, artifact)));
        Assert.Equal(
            "4d53474e0102ef85404142434445464748494a4b4c4d4e4f" + Proof("4d53474e0102ef85404142434445464748494a4b4c4d4e4f", artifact),
            Convert.ToHexStringLower(NeighbourWord.Answer(nonce, 61317, artifact)));
    }

    [Fact]
    public void Question_IsReadBack_ByWhoHasTheArtifactAlone()
    {
        var question = NeighbourWord.Question(_nonce, 512, _artifact);

        Assert.True(NeighbourWord.TryReadQuestion(question, out var share));
        Assert.Equal(512, share);
        Assert.True(NeighbourWord.IsAbout(question, _artifact));
        Assert.False(NeighbourWord.IsAbout(question, RandomNumberGenerator.GetBytes(32)));
        Assert.Equal(-1, question.AsSpan().IndexOf(_artifact.AsSpan(0, 8)));
    }

    [Fact]
    public void Answer_IsNoLongerThanTheQuestion_AndForItAlone()
    {
        var (question, answer) = (NeighbourWord.Question(_nonce, 1, _artifact), NeighbourWord.Answer(_nonce, 61317, _artifact));

        Assert.Equal(question.Length, answer.Length);
        Assert.True(NeighbourWord.TryReadAnswer(answer, _nonce, out var port) && NeighbourWord.IsAbout(answer, _artifact));
        Assert.Equal(61317, port);
        Assert.False(NeighbourWord.TryReadAnswer(answer, RandomNumberGenerator.GetBytes(16), out _));
        Assert.False(NeighbourWord.TryReadAnswer(question, _nonce, out _));
        Assert.False(NeighbourWord.TryReadQuestion(answer, out _));
    }

    [Fact]
    public void Answer_WithAPortOfTheSystem_IsNone() => Assert.False(NeighbourWord.TryReadAnswer(NeighbourWord.Answer(_nonce, 22, _artifact), _nonce, out _));

    [Fact]
    public void Answer_ThatWasChanged_ProvesNothing()
    {
        for (var i = 0; i < NeighbourWord.Bytes; i++)
        {
            var answer = NeighbourWord.Answer(_nonce, 61317, _artifact);
            answer[i] ^= 1;

            Assert.False(NeighbourWord.TryReadAnswer(answer, _nonce, out _) && NeighbourWord.IsAbout(answer, _artifact));
        }
    }

    [Fact]
    public void Read_OfAnyLengthAndAnyBytes_IsFalse()
    {
        var whole = NeighbourWord.Question(_nonce, 1, _artifact);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.False(NeighbourWord.TryReadQuestion(whole.AsSpan(0, length), out _));
        }

        Assert.False(NeighbourWord.TryReadQuestion([.. whole, 0], out _));
        for (var i = 0; i < 10_000; i++)
        {
            var noise = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(64));
            Assert.False(NeighbourWord.TryReadQuestion(noise, out _) || NeighbourWord.TryReadAnswer(noise, _nonce, out _));
        }
    }

    private static string Proof(string head, byte[] artifact) => Convert.ToHexStringLower(HMACSHA256.HashData(artifact, Convert.FromHexString(head)).AsSpan(0, 16));
}
