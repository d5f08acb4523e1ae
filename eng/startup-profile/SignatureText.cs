using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Messaging.StartupProfile;

/// <summary>Parameters as the JIT prints them, near enough to tell overloads apart.</summary>
internal sealed class SignatureText : ISignatureTypeProvider<string, MethodName>
{
    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetByReferenceType(string elementType) => "byref";

    public string GetPointerType(string elementType) => "ptr";

    public string GetFunctionPointerType(MethodSignature<string> signature) => "ptr";

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}[{string.Join(',', typeArguments)}]";

    public string GetGenericMethodParameter(MethodName genericContext, int index) => Text(genericContext.Arguments, index);

    public string GetGenericTypeParameter(MethodName genericContext, int index) => Text(genericContext.Type.Arguments, index);

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetPinnedType(string elementType) => elementType;

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode switch
    {
        PrimitiveTypeCode.Boolean => "bool",
        PrimitiveTypeCode.SByte => "sbyte",
        PrimitiveTypeCode.Int16 => "short",
        PrimitiveTypeCode.UInt16 => "ushort",
        PrimitiveTypeCode.Int32 => "int",
        PrimitiveTypeCode.UInt32 => "uint",
        PrimitiveTypeCode.Int64 => "long",
        PrimitiveTypeCode.UInt64 => "ulong",
        PrimitiveTypeCode.IntPtr => "nint",
        PrimitiveTypeCode.UIntPtr => "nuint",
        PrimitiveTypeCode.Single => "float",
        PrimitiveTypeCode.String => "System.String",
        PrimitiveTypeCode.Object => "System.Object",
        _ => typeCode.ToString().ToLowerInvariant(),
    };

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => AssemblyFolder.FullName(reader, handle);

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => AssemblyFolder.FullName(reader, handle);

    public string GetTypeFromSpecification(MetadataReader reader, MethodName genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    private static string Text(IReadOnlyList<TypeName> arguments, int index) =>
        index >= arguments.Count ? "" : Text(arguments[index]);

    private static string Text(TypeName type) =>
        type.Name
        + (type.Arguments.Count == 0 ? "" : $"[{string.Join(',', type.Arguments.Select(Text))}]")
        + string.Concat(type.Ranks.Select(static rank => $"[{new string(',', rank - 1)}]"));
}
