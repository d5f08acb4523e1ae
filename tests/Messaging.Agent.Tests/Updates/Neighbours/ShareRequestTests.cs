using System.Security.Cryptography;
using System.Text;
using Messaging.Agent.Updates.Neighbours;

namespace Messaging.Agent.Tests.Updates.Neighbours;

/// <summary>Requests of neighbours, and what is refused.</summary>
public sealed class ShareRequestTests
{
    private const string Hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    [Theory]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\nHost: n\r\n\r\n", 200)]
    [InlineData("HEAD /targets/" + Hash + " HTTP/1.1\r\nhost:n\r\nAccept: */*\r\n\r\n", 200)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\nHost: n\r\nContent-Length: 0\r\n\r\n", 200)]
    [InlineData("POST /targets/" + Hash + " HTTP/1.1\r\nHost: n\r\n\r\n", 405)]
    [InlineData("get /targets/" + Hash + " HTTP/1.1\r\nHost: n\r\n\r\n", 405)]
    [InlineData("GET /targets/" + Hash + "0 HTTP/1.1\r\nHost: n\r\n\r\n", 404)]
    [InlineData("GET /targets/00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff HTTP/1.1\r\nHost: n\r\n\r\n", 404)]
    [InlineData("GET /targets/../../../../../../../../../../../../../../../../etc/passwd HTTP/1.1\r\nHost: n\r\n\r\n", 404)]
    [InlineData("GET /targets/%2e%2e%2f112233445566778899aabbccddeeff00112233445566778899aabbcc HTTP/1.1\r\nHost: n\r\n\r\n", 404)]
    [InlineData("GET /metadata/root.json HTTP/1.1\r\nHost: n\r\n\r\n", 404)]
    [InlineData("GET http://n/targets/" + Hash + " HTTP/1.1\r\nHost: n\r\n\r\n", 404)]
    [InlineData("GET / HTTP/1.1\r\nHost: n\r\n\r\n", 404)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.0\r\nHost: n\r\n\r\n", 505)]
    [InlineData("GET /targets/" + Hash + " HTTP/2.0\r\nHost: n\r\n\r\n", 505)]
    [InlineData("GET  /targets/" + Hash + " HTTP/1.1\r\nHost: n\r\n\r\n", 400)]
    [InlineData("GET /targets/" + Hash + "\r\nHost: n\r\n\r\n", 400)]
    [InlineData("\r\n\r\n", 400)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\nHost: n\r\nHost: m\r\n\r\n", 400)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\nHost : n\r\n\r\n", 400)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\nHost: n\r\n folded: x\r\n\r\n", 400)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\nHost: n\r\nno colon\r\n\r\n", 400)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\nHost: n\r\n: x\r\n\r\n", 400)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\nHost: n\nX: y\r\n\r\n", 400)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\nHost: n\0\r\n\r\n", 400)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\nHost: n\r\nContent-Length: 5\r\n\r\n", 400)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\nHost: n\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("GET /targets/" + Hash + " HTTP/1.1\r\nHost: n\r\nRange: bytes=0-\r\nRange: bytes=1-\r\n\r\n", 400)]
    public void Parse_SaysWhatItIs(string head, int status) => Assert.Equal(status, ShareRequest.Parse(Encoding.ASCII.GetBytes(head)).Status);

    [Theory]
    [InlineData("bytes=0-", 0, 1000)]
    [InlineData("bytes=10-", 10, 990)]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("bytes=999-", 999, 1)]
    [InlineData("bytes=990-9223372036854775807", 990, 10)]
    [InlineData("bytes=-1", 999, 1)]
    [InlineData("bytes=-5000", 0, 1000)]
    [InlineData("bytes=5-4", 0, 1000)]
    [InlineData("bytes=0-1,5-6", 0, 1000)]
    [InlineData("bytes=a-b", 0, 1000)]
    [InlineData("bytes=-", 0, 1000)]
    [InlineData("bytes=99999999999999999999-", 0, 1000)]
    [InlineData("lines=1-2", 0, 1000)]
    public void TryPlace_OfARange_IsWithinTheFile(string range, long offset, long count)
    {
        Assert.True(With(range).TryPlace(1000, out var from, out var bytes));
        Assert.Equal((offset, count), (from, bytes));
    }

    [Theory]
    [InlineData("bytes=1000-")]
    [InlineData("bytes=9223372036854775807-")]
    [InlineData("bytes=1000-2000")]
    [InlineData("bytes=-0")]
    public void TryPlace_BeyondTheEnd_IsFalse(string range) => Assert.False(With(range).TryPlace(1000, out _, out _));

    [Fact]
    public void Parse_OfAnyBytes_ReturnsAStatus()
    {
        var whole = Encoding.ASCII.GetBytes($"GET /targets/{Hash} HTTP/1.1\r\nHost: n\r\nRange: bytes=1-\r\n\r\n");
        for (var i = 0; i < 20_000; i++)
        {
            var noisy = (byte[])whole.Clone();
            for (var j = RandomNumberGenerator.GetInt32(1, 5); j > 0; j--)
            {
                noisy[RandomNumberGenerator.GetInt32(noisy.Length - 4)] = (byte)RandomNumberGenerator.GetInt32(256);
            }

            var end = ShareRequest.EndOf(noisy);
            Assert.Contains(ShareRequest.Parse(noisy.AsSpan(0, end)).Status, new[] { 200, 400, 404, 405, 505 });
        }
    }

    private static ShareRequest With(string range) => ShareRequest.Parse(Encoding.ASCII.GetBytes($"GET /targets/{Hash} HTTP/1.1\r\nHost: n\r\nRange: {range}\r\n\r\n"));
}
