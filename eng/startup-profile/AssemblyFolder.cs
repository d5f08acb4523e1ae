using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Messaging.StartupProfile;

/// <summary>The assemblies of a published program: which of them defines a type.</summary>
internal sealed class AssemblyFolder : IDisposable
{
    private readonly List<PEReader> _files = [];
    private readonly Dictionary<string, DefinedType> _types = new(StringComparer.Ordinal);

    public AssemblyFolder(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            var file = new PEReader(File.OpenRead(path));
            _files.Add(file);
            if (!file.HasMetadata)
            {
                continue;
            }

            var reader = file.GetMetadataReader();
            var assembly = reader.GetString(reader.GetAssemblyDefinition().Name);
            foreach (var handle in reader.TypeDefinitions)
            {
                _types.TryAdd(FullName(reader, handle), new DefinedType(assembly, reader, handle));
            }
        }
    }

    public DefinedType? Find(string name) => _types.GetValueOrDefault(name);

    public void Dispose() => _files.ForEach(static file => file.Dispose());

    public static string FullName(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer ? $"{FullName(reader, outer)}+{name}"
            : type.Namespace.IsNil ? name : $"{reader.GetString(type.Namespace)}.{name}";
    }

    public static string FullName(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference ? $"{FullName(reader, (TypeReferenceHandle)type.ResolutionScope)}+{name}"
            : type.Namespace.IsNil ? name : $"{reader.GetString(type.Namespace)}.{name}";
    }
}
