using System.Text;

namespace Messaging.FleetServer.Updates.Metadata;

/// <summary>
/// Changes several files as one: what is to change is written to one file first, durably, and counts from then on. What a power cut keeps from being
/// carried out is carried out at the next start. Not thread-safe.
/// </summary>
internal sealed class Journal(IRepositoryFiles files)
{
    private const string Name = "publishing";

    /// <summary>There is something that counts and is not carried out yet.</summary>
    public bool IsOpen => files.Read(Name) is not null;

    /// <summary>Carries changes out; null deletes a file. When this returns they are done, and in any case all of them or none count.</summary>
    /// <exception cref="IOException">None of them counts, or all do and <see cref="Finish"/> is to be tried again: see <see cref="IsOpen"/>.</exception>
    public void Commit(IReadOnlyList<(string Name, byte[]? Content)> changes)
    {
        Finish();
        files.Replace(Name, Encoding.ASCII.GetBytes(string.Concat(changes.Select(static one => $"{one.Name} {(one.Content is null ? "-" : Convert.ToBase64String(one.Content))}\n"))));
        Finish();
    }

    /// <summary>Carries out what counts already, once more if need be.</summary>
    public void Finish()
    {
        if (files.Read(Name) is not { } journal)
        {
            return;
        }

        foreach (var (name, content) in Parse(journal))
        {
            if (content is null)
            {
                files.Delete(name);
            }
            else
            {
                files.Replace(name, content);
            }
        }

        files.Delete(Name);
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    private static List<(string Name, byte[]? Content)> Parse(byte[] journal)
    {
        var changes = new List<(string, byte[]?)>();
        try
        {
            foreach (var line in Encoding.ASCII.GetString(journal).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var space = line.IndexOf(' ', StringComparison.Ordinal);
                changes.Add((line[..space], line[(space + 1)..] is "-" ? null : Convert.FromBase64String(line[(space + 1)..])));
            }
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException($"The journal of the repository is damaged ({e.Message}). Restore the folder repository from a backup.", e);
        }

        return changes;
    }
}
