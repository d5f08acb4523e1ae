using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Messaging.StartupProfile;

/// <summary>
/// A profile as crossgen2 reads it (MIbcProfileParser of dotnet/runtime): an assembly whose global method AssemblyDictionary names groups of
/// methods by the assemblies that they need, the defining one first; each group is a global method that loads the token of each of its methods.
/// </summary>
internal sealed class MibcWriter
{
    private readonly MetadataBuilder _metadata = new();
    private readonly AssemblyFolder _assemblies;
    private readonly TypeReferences _references;
    private readonly SignatureCopy _copy;
    private readonly SignatureText _text = new();
    private readonly SortedDictionary<string, List<EntityHandle>> _groups = new(StringComparer.Ordinal);

    public MibcWriter(AssemblyFolder assemblies)
    {
        _assemblies = assemblies;
        _references = new TypeReferences(_metadata, assemblies);
        _copy = new SignatureCopy(_references);
    }

    /// <summary>Adds a method as the JIT prints it; false where the assemblies have it no longer.</summary>
    public bool TryAdd(string line)
    {
        if (MethodName.Parse(line) is not { } method || _assemblies.Find(method.Type.Name) is not { } type || Best(type, method) is not { } definition)
        {
            return false;
        }

        _references.Used.Clear();
        var signature = new BlobBuilder();
        try
        {
            var decoded = definition.DecodeSignature(_copy, null);
            SignatureCopy.Write(decoded, new BlobEncoder(signature).MethodSignature(
                decoded.Header.CallingConvention, decoded.GenericParameterCount, decoded.Header.IsInstance));
        }
        catch (KeyNotFoundException)
        {
            // A type of the signature was trimmed away: nobody calls the method.
            return false;
        }

        EntityHandle parent = _references.Get(method.Type.Name);
        if (method.Type.Arguments.Count > 0)
        {
            var blob = new BlobBuilder();
            if (!_references.TryEncode(method.Type, new BlobEncoder(blob).TypeSpecificationSignature()))
            {
                return false;
            }

            parent = _metadata.AddTypeSpecification(_metadata.GetOrAddBlob(blob));
        }

        EntityHandle handle = _metadata.AddMemberReference(parent, _metadata.GetOrAddString(method.Name), _metadata.GetOrAddBlob(signature));
        if (method.Arguments.Count > 0)
        {
            var blob = new BlobBuilder();
            var arguments = new BlobEncoder(blob).MethodSpecificationSignature(method.Arguments.Count);
            if (!method.Arguments.All(argument => _references.TryEncode(argument, arguments.AddArgument())))
            {
                return false;
            }

            handle = _metadata.AddMethodSpecification(handle, _metadata.GetOrAddBlob(blob));
        }

        // The defining assembly comes first, and stands again in the list of those that are needed.
        var group = $"{type.Assembly};{string.Concat(_references.Used.Where(used => used != type.Assembly).Order(StringComparer.Ordinal).Select(static used => used + ";"))}";
        if (!_groups.TryGetValue(group, out var methods))
        {
            _groups[group] = methods = [];
        }

        methods.Add(handle);
        return true;
    }

    public void Save(string path)
    {
        var bodies = new MethodBodyStreamEncoder(new BlobBuilder());
        var nothing = new BlobBuilder();
        new BlobEncoder(nothing).MethodSignature().Parameters(0, static result => result.Void(), static _ => { });
        var signature = _metadata.GetOrAddBlob(nothing);
        var dictionary = new InstructionEncoder(new BlobBuilder());
        var number = 0;
        foreach (var (group, methods) in _groups)
        {
            var code = new InstructionEncoder(new BlobBuilder());
            foreach (var method in methods)
            {
                code.OpCode(ILOpCode.Ldtoken);
                code.Token(method);
                code.OpCode(ILOpCode.Pop);
            }

            code.OpCode(ILOpCode.Ret);
            var definition = AddMethod($"Group{number++}", bodies.AddMethodBody(code));
            dictionary.LoadString(_metadata.GetOrAddUserString(group));
            dictionary.OpCode(ILOpCode.Ldtoken);
            dictionary.Token(definition);
            dictionary.OpCode(ILOpCode.Pop);
        }

        dictionary.OpCode(ILOpCode.Ret);
        AddMethod("AssemblyDictionary", bodies.AddMethodBody(dictionary));
        _metadata.AddModule(0, _metadata.GetOrAddString("startup"), _metadata.GetOrAddGuid(default), default, default);
        _metadata.AddAssembly(_metadata.GetOrAddString("startup"), new Version(0, 0, 0, 0), default, default, default, AssemblyHashAlgorithm.None);
        _metadata.AddTypeDefinition(default, default, _metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        var image = new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(_metadata), bodies.Builder);
        var output = new BlobBuilder();
        image.Serialize(output);
        using var file = File.Create(path);
        output.WriteContentTo(file);

        MethodDefinitionHandle AddMethod(string name, int body) => _metadata.AddMethodDefinition(
            MethodAttributes.Public | MethodAttributes.Static, MethodImplAttributes.IL, _metadata.GetOrAddString(name), signature, body, MetadataTokens.ParameterHandle(1));
    }

    /// <summary>Of the overloads with as many parameters, the one that agrees in most of them.</summary>
    private MethodDefinition? Best(DefinedType type, MethodName method)
    {
        MethodDefinition? best = null;
        var most = -1;
        foreach (var handle in type.Reader.GetTypeDefinition(type.Handle).GetMethods())
        {
            var candidate = type.Reader.GetMethodDefinition(handle);
            if (!type.Reader.StringComparer.Equals(candidate.Name, method.Name) || candidate.GetGenericParameters().Count != method.Arguments.Count)
            {
                continue;
            }

            var parameters = candidate.DecodeSignature(_text, method).ParameterTypes;
            if (parameters.Length != method.Parameters.Count)
            {
                continue;
            }

            var agree = parameters.Zip(method.Parameters).Count(static pair => pair.First == pair.Second);
            if (agree > most)
            {
                (best, most) = (candidate, agree);
            }
        }

        return best;
    }
}
