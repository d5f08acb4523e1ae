namespace Messaging.Fuzz.Engine;

/// <summary>Changes inputs a little, the same way for the same seed on every machine.</summary>
internal sealed class Mutator(ulong seed)
{
    private static readonly byte[] Interesting = [0x00, 0x01, 0x17, 0x18, 0x19, 0x1b, 0x40, 0x5f, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xf6, 0xfb, 0xff];

    private ulong _state = seed;

    public byte[] Mutate(byte[] input)
    {
        var output = input.ToList();
        var changes = 1 + Next(4);
        for (var i = 0; i < changes; i++)
        {
            Change(output);
        }

        return [.. output];
    }

    /// <summary>SplitMix64: small, well spread, and fixed by its seed.</summary>
    public int Next(int below)
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return (int)((z ^ (z >> 31)) % (ulong)below);
    }

    private void Change(List<byte> data)
    {
        if (data.Count == 0)
        {
            data.Add((byte)Next(256));
            return;
        }

        var at = Next(data.Count);
        switch (Next(8))
        {
            case 0:
                data[at] ^= (byte)(1 << Next(8));
                break;
            case 1:
                data[at] = (byte)Next(256);
                break;
            case 2:
                data[at] = Interesting[Next(Interesting.Length)];
                break;
            case 3:
                data.Insert(at, Interesting[Next(Interesting.Length)]);
                break;
            case 4:
                data.RemoveAt(at);
                break;
            case 5:
                data.RemoveRange(at, data.Count - at);
                break;
            case 6:
                data[at] = (byte)(data[at] + Next(3) - 1);
                break;
            default:
                var length = Math.Min(1 + Next(16), data.Count - at);
                data.InsertRange(Next(data.Count), data.GetRange(at, length));
                break;
        }
    }
}
