using System.Text.Json;
using Messaging.Tests.Spec.Files;

namespace Messaging.Tests.Spec;

/// <summary>
/// messaging/spec/vectors: each file is made again and compared, then the library is run on what it says. MESSAGING_VECTORS=write makes
/// the files anew; the change is then reviewed like code, because every language is held to it.
/// </summary>
public sealed class VectorTests
{
    private static readonly VectorDocument[] Documents =
    [
        new KeysFile(), new CborFile(), new HpkeFile(), new CoseSign1File(), new EpochOpenFile(), new RecordFile(), new ReplayWindowFile(),
        new CommandFile(), new CoseSignFile(), new TrustFile(), new EnrolmentFile(), new KeyUpdateFile(), new RelayAuthenticationFile(), new MessagesFile(),
        new TelemetryFile(), new TimeBeaconFile(), new SessionFile(), new AuditFile(), new CommandArgumentsFile(), new RecordingFile(), new DeltaFile(), new UpdateFile(), new RepositoryFile(), new ChannelFile(),
    ];

    public static TheoryData<string> Names => [.. Documents.Select(static document => document.Name)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "SpecVectors");

    [Theory]
    [MemberData(nameof(Names))]
    public void File_MadeAgain_IsTheSame(string name)
    {
        var text = Document(name).Text();
        if (Environment.GetEnvironmentVariable("MESSAGING_VECTORS") == "write")
        {
            File.WriteAllText(Path.Combine(SourceFolder(), name), text);
            return;
        }

        Assert.Equal(File.ReadAllText(Path.Combine(Folder, name)), text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void File_RunThroughTheLibrary_HoldsWhatItSays(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name)));
        Document(name).Verify(document.RootElement);
    }

    [Fact]
    public void Folder_EveryFile_IsTested() => Assert.Equal(
        Documents.Select(static document => document.Name).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Folder, "*.json").Select(Path.GetFileName).Order(StringComparer.Ordinal)!);

    private static VectorDocument Document(string name) => Documents.Single(document => document.Name == name);

    private static string SourceFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Messaging.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The vectors are written from inside the repository.");
        }

        return Path.Combine(folder.FullName, "messaging", "spec", "vectors");
    }
}
