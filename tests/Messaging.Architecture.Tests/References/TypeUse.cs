using Mono.Cecil;

namespace Messaging.Architecture.Tests.References;

/// <summary>One type names another.</summary>
/// <param name="User">The full name of the type that names it.</param>
/// <param name="Where">The member or place.</param>
/// <param name="Used">The type that is named, without its generic arguments.</param>
internal sealed record TypeUse(string User, string Where, TypeReference Used)
{
    /// <summary>The namespace of the used type; a nested type has that of its outermost type.</summary>
    public string Namespace
    {
        get
        {
            var type = Used;
            while (type.DeclaringType is not null)
            {
                type = type.DeclaringType;
            }

            return type.Namespace;
        }
    }

    /// <summary>The name of the assembly that defines the used type.</summary>
    public string Assembly => Used.Scope switch
    {
        AssemblyNameReference reference => reference.Name,
        ModuleDefinition module => module.Assembly.Name.Name,
        var scope => scope.Name,
    };

    public override string ToString() => $"{User} uses {Used.FullName} in {Where}";
}
