using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Messaging.Agent.Packages;

/// <summary>Asks the helper for packages.</summary>
/// <param name="socket">Its path.</param>
/// <param name="time">The clock.</param>
internal sealed class PackageClient(string socket, TimeProvider time)
{
    /// <summary>systemd starts the helper when it is asked: on a slow device that takes a while.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(90);

    /// <summary>systemd listens there, whether the helper runs or not.</summary>
    public bool IsThere => socket.Length > 0 && File.Exists(socket);

    /// <param name="request">What for.</param>
    /// <param name="output">Gets what is written, piece by piece.</param>
    /// <param name="limit">How long doing it may take, besides starting the helper.</param>
    /// <param name="ct">Ends the waiting, not what was begun.</param>
    /// <exception cref="PackageHelperException">It does not answer, or not to the end.</exception>
    public async Task<PackageAnswer> AskAsync(PackageRequest request, Action<ReadOnlyMemory<byte>> output, TimeSpan limit, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(limit + Start, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        var wasAsked = false;
        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), either.Token);
            wasAsked = true;
            await using var stream = new NetworkStream(connection);
            await stream.WriteAsync(request.Format(), either.Token);
            return await ReadAsync(stream, output, either.Token) ?? throw Unusable("it ended without an answer", wasAsked);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Unusable("it does not answer", wasAsked);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw Unusable(e.Message, wasAsked);
        }
    }

    /// <returns>Null when it is cut off, or not what the helper says.</returns>
    private static async Task<PackageAnswer?> ReadAsync(NetworkStream stream, Action<ReadOnlyMemory<byte>> output, CancellationToken ct)
    {
        const string Piece = "output ";
        const int MaxPiece = 64 * 1024;
        while (await ReadLineAsync(stream, ct) is { } line)
        {
            if (!line.StartsWith(Piece, StringComparison.Ordinal))
            {
                return PackageAnswer.Parse(Encoding.UTF8.GetBytes(line));
            }

            if (!int.TryParse(line.AsSpan(Piece.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > MaxPiece)
            {
                return null;
            }

            var piece = new byte[length];
            await stream.ReadExactlyAsync(piece, ct);
            output(piece);
        }

        return null;
    }

    /// <summary>Byte by byte: lines are short, and what follows is not always one.</summary>
    /// <returns>Without its line feed; null when there is none, or it is too long.</returns>
    private static async Task<string?> ReadLineAsync(NetworkStream stream, CancellationToken ct)
    {
        var line = new byte[PackageAnswer.MaxBytes];
        var one = new byte[1];
        for (var length = 0; length < line.Length && await stream.ReadAsync(one, ct) == 1; length++)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString(line, 0, length);
            }

            line[length] = one[0];
        }

        return null;
    }

    private PackageHelperException Unusable(string why, bool wasAsked) =>
        new($"the helper at {socket} cannot be used: {why}. See: journalctl -u messaging-agent-packages", wasAsked);
}
