using System.Globalization;
using System.Security.Cryptography;
using Messaging.Agent.Hosting.Footprint;
using Xunit;

namespace Messaging.Agent.Tests.Hosting.Footprint;

public sealed class ProgramPagesTests
{
    [Fact]
    public void Release_RunningProgram_UnmapsTheCodeOfItAndItsLibrariesAndRunsOn()
    {
        var hash = SHA256.HashData("what needs a library"u8);
        var before = ResidentCode();

        var released = ProgramPages.Release();

        Assert.InRange(released, 4096, long.MaxValue);
        Assert.InRange(ResidentCode(), 1, before - 1_000_000);
        Assert.Equal(hash, SHA256.HashData("what needs a library"u8));
        Assert.Equal(released, ProgramPages.Release());
    }

    /// <summary>Bytes of files' code that are mapped.</summary>
    private static long ResidentCode()
    {
        long resident = 0;
        var isCode = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0].Contains('-', StringComparison.Ordinal))
            {
                isCode = words[1] == "r-xp" && words.Length > 5 && words[5].StartsWith('/');
            }
            else if (isCode && words[0] == "Rss:")
            {
                resident += long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
            }
        }

        return resident;
    }
}
