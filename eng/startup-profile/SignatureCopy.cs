using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Messaging.StartupProfile;

/// <summary>Writes signatures of an assembly again, with the profile's own references.</summary>
internal sealed class SignatureCopy(TypeReferences references) : ISignatureTypeProvider<Action<SignatureTypeEncoder>, object?>
{
    public Action<SignatureTypeEncoder> GetArrayType(Action<SignatureTypeEncoder> elementType, ArrayShape shape) =>
        encoder => encoder.Array(element => elementType(element), s => s.Shape(shape.Rank, shape.Sizes, shape.LowerBounds));

    public Action<SignatureTypeEncoder> GetSZArrayType(Action<SignatureTypeEncoder> elementType) => encoder => elementType(encoder.SZArray());

    public Action<SignatureTypeEncoder> GetByReferenceType(Action<SignatureTypeEncoder> elementType) => encoder =>
    {
        encoder.Builder.WriteByte((byte)SignatureTypeCode.ByReference);
        elementType(encoder);
    };

    public Action<SignatureTypeEncoder> GetPointerType(Action<SignatureTypeEncoder> elementType) => encoder => elementType(encoder.Pointer());

    public Action<SignatureTypeEncoder> GetFunctionPointerType(MethodSignature<Action<SignatureTypeEncoder>> signature) => encoder =>
        Write(signature, encoder.FunctionPointer(signature.Header.CallingConvention, genericParameterCount: signature.GenericParameterCount));

    public Action<SignatureTypeEncoder> GetGenericInstantiation(Action<SignatureTypeEncoder> genericType, ImmutableArray<Action<SignatureTypeEncoder>> typeArguments) => encoder =>
    {
        encoder.Builder.WriteByte((byte)SignatureTypeCode.GenericTypeInstance);
        genericType(encoder);
        encoder.Builder.WriteCompressedInteger(typeArguments.Length);
        foreach (var argument in typeArguments)
        {
            argument(encoder);
        }
    };

    public Action<SignatureTypeEncoder> GetGenericMethodParameter(object? genericContext, int index) => encoder => encoder.GenericMethodTypeParameter(index);

    public Action<SignatureTypeEncoder> GetGenericTypeParameter(object? genericContext, int index) => encoder => encoder.GenericTypeParameter(index);

    public Action<SignatureTypeEncoder> GetModifiedType(Action<SignatureTypeEncoder> modifier, Action<SignatureTypeEncoder> unmodifiedType, bool isRequired) => encoder =>
    {
        encoder.Builder.WriteByte((byte)(isRequired ? SignatureTypeCode.RequiredModifier : SignatureTypeCode.OptionalModifier));

        // A modifier is a type without the kind that stands before it elsewhere.
        var name = new BlobBuilder();
        modifier(new SignatureTypeEncoder(name));
        encoder.Builder.WriteBytes(name.ToArray(), 1, name.Count - 1);
        unmodifiedType(encoder);
    };

    public Action<SignatureTypeEncoder> GetPinnedType(Action<SignatureTypeEncoder> elementType) => elementType;

    public Action<SignatureTypeEncoder> GetPrimitiveType(PrimitiveTypeCode typeCode) => encoder => encoder.Builder.WriteByte((byte)typeCode);

    public Action<SignatureTypeEncoder> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Named(AssemblyFolder.FullName(reader, handle), rawTypeKind);

    public Action<SignatureTypeEncoder> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        Named(AssemblyFolder.FullName(reader, handle), rawTypeKind);

    public Action<SignatureTypeEncoder> GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public static void Write(MethodSignature<Action<SignatureTypeEncoder>> signature, MethodSignatureEncoder encoder) => encoder.Parameters(
        signature.ParameterTypes.Length,
        result => signature.ReturnType(new SignatureTypeEncoder(result.Builder)),
        parameters =>
        {
            foreach (var parameter in signature.ParameterTypes)
            {
                parameter(new SignatureTypeEncoder(parameters.AddParameter().Builder));
            }
        });

    private Action<SignatureTypeEncoder> Named(string name, byte rawTypeKind) => encoder =>
    {
        var handle = references.Get(name);
        if (handle.IsNil)
        {
            throw new KeyNotFoundException(name);
        }

        encoder.Builder.WriteByte(rawTypeKind == 0 ? (byte)(references.IsValueType(name) ? SignatureTypeKind.ValueType : SignatureTypeKind.Class) : rawTypeKind);
        encoder.Builder.WriteCompressedInteger(CodedIndex.TypeDefOrRefOrSpec(handle));
    };
}
