using System.Reflection.Metadata;

namespace Messaging.StartupProfile;

/// <summary>A type and the assembly that defines it.</summary>
internal sealed record DefinedType(string Assembly, MetadataReader Reader, TypeDefinitionHandle Handle);
