using System.Globalization;
using System.Security.Cryptography;
using Messaging.Agent.Hosting.Footprint;
using Xunit;

namespace Messaging.Agent.Tests.Hosting.Footprint;

/// <summary>Alone, since every test that runs maps code.</summary>
[Collection(nameof(ProgramPages))]
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

    [Fact]
    public void Release_OfPagesThatSomebodyHasWrittenTo_LeavesThem()
    {
        // Those of CoreCLR's secret, and what the dynamic linker has relocated.
        var before = Bytes("r-", "Anonymous:");
        Assert.InRange(before, 4096, long.MaxValue);

        ProgramPages.Release();

        Assert.Equal(before, Bytes("r-", "Anonymous:"));
    }

    /// <summary>Bytes of files' code that are mapped.</summary>
    private static long ResidentCode() => Bytes("r-xp", "Rss:");

    /// <summary>A row of the mappings of files whose permissions begin with a text, added up.</summary>
    private static long Bytes(string permissions, string row)
    {
        long bytes = 0;
        var counts = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0].Contains('-', StringComparison.Ordinal))
            {
                counts = words[1].StartsWith(permissions, StringComparison.Ordinal) && words[1].EndsWith('p') && words.Length > 5 && words[5].StartsWith('/');
            }
            else if (counts && words[0] == row)
            {
                bytes += long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
            }
        }

        return bytes;
    }
}

[CollectionDefinition(nameof(ProgramPages), DisableParallelization = true)]
public static class ProgramPagesGroup;
