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

    private const int WaitMilliseconds = 10;

    /// <summary>How many are asked, in 65535ths, and for how long each is waited for.</summary>
    private static readonly int[] Shares = [NeighbourWord.Everybody / 64, NeighbourWord.Everybody / 8, NeighbourWord.Everybody, NeighbourWord.Everybody];
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    /// <summary>Who has it, in random order; nobody is no error.</summary>
    /// <param name="sha256">The artifact.</param>
    /// <param name="without">Who is not asked.</param>
    /// <param name="ct">Interrupts it.</param>
    public Task<List<Neighbour>> FindAsync(byte[] sha256, List<IPAddress> without, CancellationToken ct) => Task.Run(() => Find(sha256, without, ct), ct);

    private List<Neighbour> Find(byte[] sha256, List<IPAddress> without, CancellationToken ct)
    {
        var found = new List<Neighbour>();
        var nonce = RandomNumberGenerator.GetBytes(NeighbourWord.NonceBytes);
        List<LanLink> links = [];
        Socket[] mouths = [];
        try
        {
            mouths = Open(links);
            var (poll, packets) = (new LanPoll(mouths), 0);
            for (var round = 0; round < Shares.Length && found.Count == 0 && mouths.Length > 0; round++)
            {
                var question = NeighbourWord.Question(nonce, Shares[round], sha256);
                for (var i = 0; i < mouths.Length; i++)
                {
                    LanSockets.TrySend(mouths[i], question, LanSockets.Group(links[i], options.LanPort));
                }

                for (var asked = time.GetTimestamp(); time.GetElapsedTime(asked) < Patience && packets < MostPackets && found.Count < MostFound;)
                {
                    ct.ThrowIfCancellationRequested();
                    poll.Wait(WaitMilliseconds);
                    for (var i = 0; i < mouths.Length; i++)
                    {
                        if (poll.IsReady(i))
                        {
                            packets++;
                            Hear(links[i], mouths[i], nonce, sha256, without, found);
                        }
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
            foreach (var mouth in mouths)
            {
                mouth.Dispose();
            }
        }

        RandomNumberGenerator.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(found));
        return found;
    }

    /// <summary>A socket for each link; one whose address cannot be used yet, or any more, does not keep the others from being asked.</summary>
    private Socket[] Open(List<LanLink> links)
    {
        var mouths = new List<Socket>();
        foreach (var link in LanLinks.Find(options.LanList()))
        {
            try
            {
                mouths.Add(LanSockets.Mouth(link));
                links.Add(link);
            }
            catch (SocketException)
            {
                // It is looked for again with the next artifact.
            }
        }

        return [.. mouths];
    }

    private static void Hear(LanLink link, Socket mouth, byte[] nonce, byte[] sha256, List<IPAddress> without, List<Neighbour> found)
    {
        Span<byte> word = stackalloc byte[NeighbourWord.Bytes + 1];
        word = word[..LanSockets.Receive(mouth, link, word, out var giver)];
        if (!link.Has(giver.Address) || without.Contains(giver.Address)
            || !NeighbourWord.TryReadAnswer(word, nonce, out var port) || !NeighbourWord.IsAbout(word, sha256))
        {
            return;
        }

        foreach (var one in found)
        {
            if (one.EndPoint.Address.Equals(giver.Address))
            {
                return;
            }
        }

        found.Add(new Neighbour(link, new IPEndPoint(giver.Address, port)));
    }
}
