using System.Runtime.InteropServices;
using Messaging.Cli.Hosting;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Messaging.Cli.Keys.Tokens;

/// <summary>A PKCS #11 library that is loaded. It is loaded once for all who use it: it may be begun and ended only once in a process.</summary>
internal sealed class TokenModule : IDisposable
{
    private static readonly Dictionary<string, TokenModule> Loaded = new(StringComparer.Ordinal);
    private static readonly Lock Gate = new();
    private readonly string _path;
    private readonly IPkcs11Library _library;
    private int _users;

    /// <summary>The package asks for a libdl without a version, which only development packages bring.</summary>
    static TokenModule() => NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly, static (name, assembly, path) =>
        name == "libdl" && NativeLibrary.TryLoad("libdl.so.2", assembly, path, out var library) ? library : 0);

    private TokenModule(string path)
    {
        _path = path;
        _library = Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, path, AppType.MultiThreaded);
    }

    public static Pkcs11InteropFactories Factories { get; } = new();

    /// <exception cref="CliException">It cannot be loaded.</exception>
    public static TokenModule Open(string path)
    {
        lock (Gate)
        {
            try
            {
                if (!Loaded.TryGetValue(path, out var module))
                {
                    Loaded[path] = module = new TokenModule(path);
                }

                module._users++;
                return module;
            }
            catch (Exception e) when (e is UnmanagedException or Pkcs11Exception)
            {
                throw new CliException(
                    $"The PKCS #11 library {path} cannot be loaded: {e.Message.TrimEnd('.')}. The system's comes with p11-kit (Debian: apt-get install p11-kit); another one is named by ?module-path=/PATH.");
            }
        }
    }

    /// <summary>The tokens that <paramref name="uri"/> may mean.</summary>
    /// <exception cref="CliException">The library fails.</exception>
    public IReadOnlyList<ISlot> Find(TokenUri uri)
    {
        try
        {
            return [.. _library.GetSlotList(SlotsType.WithTokenPresent).Where(slot => Matches(uri, slot.GetTokenInfo()))];
        }
        catch (Pkcs11Exception e)
        {
            throw new CliException($"The PKCS #11 library {_path} does not list its tokens: {e.RV}.");
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (--_users == 0)
            {
                Loaded.Remove(_path);
                _library.Dispose();
            }
        }
    }

    private static bool Matches(TokenUri uri, ITokenInfo token) =>
        token.TokenFlags.TokenInitialized
        && Matches(uri.Token, token.Label)
        && Matches(uri.Serial, token.SerialNumber)
        && Matches(uri.Manufacturer, token.ManufacturerId)
        && Matches(uri.Model, token.Model);

    private static bool Matches(string? wanted, string found) => wanted is null || wanted == found;
}
