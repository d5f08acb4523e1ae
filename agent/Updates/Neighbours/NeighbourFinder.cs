using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Messaging.Agent.Configuration;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>
/// Asks on each local network who has an artifact: first a few of those who have it, then more, so that a network on which all have it does not answer at once.
/// </summary>
internal sealed class NeighbourFinder(UpdateOptions options, TimeProvider time)
{
    /// <summary>More answers are not needed, and more packets are not read: somebody floods.</summary>
    private const int MostFound = 16;
    private const int MostPackets = 1000;

    private static readonly (int Share, TimeSpan Wait)[] Rounds =
    [
        (NeighbourWord.Everybody / 64, TimeSpan.FromMilliseconds(250)),
        (NeighbourWord.Everybody / 8, TimeSpan.FromMilliseconds(350)),
        (NeighbourWord.Everybody, TimeSpan.FromMilliseconds(500)),
        (NeighbourWord.Everybody, TimeSpan.FromMilliseconds(500)),
    ];

    /// <summary>Who has it, in random order; nobody is no error.</summary>
    public async Task<List<Neighbour>> FindAsync(byte[] sha256, CancellationToken ct)
    {
        var found = new List<Neighbour>();
        var nonce = RandomNumberGenerator.GetBytes(NeighbourWord.NonceBytes);
        var mouths = new List<(LanLink Link, Socket Socket)>();
        var hearing = new List<Task>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            foreach (var link in LanLinks.Find(options.LanList()))
            {
                var socket = LanSockets.Mouth(link);
                mouths.Add((link, socket));
                hearing.Add(HearAsync(link, socket, nonce, sha256, found, over.Token));
            }

            for (var i = 0; i < Rounds.Length && mouths.Count > 0; i++)
            {
                var question = NeighbourWord.Question(nonce, Rounds[i].Share, sha256);
                foreach (var (link, socket) in mouths)
                {
                    Ask(socket, question, LanSockets.Group(link, options.LanPort));
                }

                await Task.Delay(Rounds[i].Wait, time, ct);
                lock (found)
                {
                    if (found.Count > 0)
                    {
                        break;
                    }
                }
            }
        }
        catch (SocketException)
        {
            // A network that has just gone: who was found before is there.
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(hearing);
            foreach (var (_, socket) in mouths)
            {
                socket.Dispose();
            }
        }

        Shuffle(found);
        return found;
    }

    private static void Ask(Socket socket, byte[] question, IPEndPoint group)
    {
        try
        {
            socket.SendTo(question, SocketFlags.None, group);
        }
        catch (SocketException)
        {
            // A cable that is not plugged in: it is asked on the others.
        }
    }

    private static async Task HearAsync(LanLink link, Socket socket, byte[] nonce, byte[] sha256, List<Neighbour> found, CancellationToken ct)
    {
        var word = new byte[NeighbourWord.Bytes + 1];
        try
        {
            for (var i = 0; i < MostPackets; i++)
            {
                var heard = await socket.ReceiveFromAsync(word, SocketFlags.None, LanSockets.Group(link, 0), ct);
                if (heard.RemoteEndPoint is IPEndPoint from && link.Has(from.Address)
                    && NeighbourWord.TryReadAnswer(word.AsSpan(0, heard.ReceivedBytes), nonce, out var port)
                    && NeighbourWord.IsAbout(word.AsSpan(0, NeighbourWord.Bytes), sha256))
                {
                    Add(found, new Neighbour(link, new IPEndPoint(from.Address, port)));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The time is over, or the network is gone.
        }
    }

    private static void Add(List<Neighbour> found, Neighbour neighbour)
    {
        lock (found)
        {
            if (found.Count < MostFound && !found.Exists(one => one.EndPoint.Equals(neighbour.EndPoint)))
            {
                found.Add(neighbour);
            }
        }
    }

    private static void Shuffle(List<Neighbour> found)
    {
        for (var i = found.Count - 1; i > 0; i--)
        {
            var j = RandomNumberGenerator.GetInt32(i + 1);
            (found[i], found[j]) = (found[j], found[i]);
        }
    }
}
