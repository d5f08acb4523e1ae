using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Messaging.StartupProfile;

/// <summary>References to types, from the profile's own metadata.</summary>
internal sealed class TypeReferences(MetadataBuilder metadata, AssemblyFolder assemblies)
{
    /// <summary>What stands for any reference type in shared code, and the assembly in which profiles look for it.</summary>
    private const string Canon = "System.__Canon", CanonAssembly = "System.Private.Canon";

    private static readonly Dictionary<string, PrimitiveTypeCode> Primitives = new(StringComparer.Ordinal)
    {
        ["bool"] = PrimitiveTypeCode.Boolean,
        ["char"] = PrimitiveTypeCode.Char,
        ["sbyte"] = PrimitiveTypeCode.SByte,
        ["byte"] = PrimitiveTypeCode.Byte,
        ["short"] = PrimitiveTypeCode.Int16,
        ["ushort"] = PrimitiveTypeCode.UInt16,
        ["int"] = PrimitiveTypeCode.Int32,
        ["uint"] = PrimitiveTypeCode.UInt32,
        ["long"] = PrimitiveTypeCode.Int64,
        ["ulong"] = PrimitiveTypeCode.UInt64,
        ["nint"] = PrimitiveTypeCode.IntPtr,
        ["nuint"] = PrimitiveTypeCode.UIntPtr,
        ["float"] = PrimitiveTypeCode.Single,
        ["double"] = PrimitiveTypeCode.Double,
        ["System.String"] = PrimitiveTypeCode.String,
        ["System.Object"] = PrimitiveTypeCode.Object,
    };

    private readonly Dictionary<string, AssemblyReferenceHandle> _assemblies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TypeReferenceHandle> _types = new(StringComparer.Ordinal);

    /// <summary>Gets the assemblies of the types since the last call.</summary>
    public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

    /// <summary>The reference to a type without arguments; nil where no assembly defines it.</summary>
    public TypeReferenceHandle Get(string name)
    {
        var assembly = name == Canon ? CanonAssembly : assemblies.Find(name)?.Assembly;
        if (assembly is null)
        {
            return default;
        }

        if (assembly != CanonAssembly)
        {
            Used.Add(assembly);
        }

        if (!_types.TryGetValue(name, out var handle))
        {
            var plus = name.LastIndexOf('+');
            var dot = plus < 0 ? name.LastIndexOf('.') : -1;
            _types[name] = handle = metadata.AddTypeReference(
                plus < 0 ? Assembly(assembly) : Get(name[..plus]),
                dot < 0 ? default : metadata.GetOrAddString(name[..dot]),
                metadata.GetOrAddString(name[(Math.Max(plus, dot) + 1)..]));
        }

        return handle;
    }

    /// <summary>Writes a type into a signature; false where no assembly defines it.</summary>
    public bool TryEncode(TypeName type, SignatureTypeEncoder encoder)
    {
        if (type.Ranks.Count > 0)
        {
            var inner = type with { Ranks = [.. type.Ranks.SkipLast(1)] };
            if (type.Ranks[^1] == 1)
            {
                return TryEncode(inner, encoder.SZArray());
            }

            var done = false;
            encoder.Array(element => done = TryEncode(inner, element), shape => shape.Shape(type.Ranks[^1], [], []));
            return done;
        }

        if (Primitives.TryGetValue(type.Name, out var primitive))
        {
            encoder.PrimitiveType(primitive);
            return true;
        }

        if (Get(type.Name) is not { IsNil: false } handle)
        {
            return false;
        }

        if (type.Arguments.Count == 0)
        {
            encoder.Type(handle, IsValueType(type.Name));
            return true;
        }

        var arguments = encoder.GenericInstantiation(handle, type.Arguments.Count, IsValueType(type.Name));
        return type.Arguments.All(argument => TryEncode(argument, arguments.AddArgument()));
    }

    public bool IsValueType(string name)
    {
        if (assemblies.Find(name) is not { } type)
        {
            return false;
        }

        var parent = type.Reader.GetTypeDefinition(type.Handle).BaseType;
        var parentName = parent.Kind switch
        {
            HandleKind.TypeReference => AssemblyFolder.FullName(type.Reader, (TypeReferenceHandle)parent),
            HandleKind.TypeDefinition when !parent.IsNil => AssemblyFolder.FullName(type.Reader, (TypeDefinitionHandle)parent),
            _ => "",
        };
        return parentName == "System.Enum" || (parentName == "System.ValueType" && name != "System.Enum");
    }

    private AssemblyReferenceHandle Assembly(string name)
    {
        if (!_assemblies.TryGetValue(name, out var handle))
        {
            _assemblies[name] = handle = metadata.AddAssemblyReference(metadata.GetOrAddString(name), new Version(0, 0, 0, 0), default, default, default, default);
        }

        return handle;
    }
}
