using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PackageApi;

/// <summary>A type that another one mentions; the assembly is empty for one of the same assembly.</summary>
public readonly record struct MentionedType(string Assembly, string Namespace, string Name);

/// <summary>What each type of a compiled assembly mentions: in its bases, attributes, fields, signatures and code, nested types included.</summary>
public static class TypeMentions
{
    /// <summary>Each outermost type with everything that it mentions.</summary>
    public static IReadOnlyDictionary<MentionedType, IReadOnlySet<MentionedType>> Read(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var reader = image.GetMetadataReader();
        var result = new Dictionary<MentionedType, IReadOnlySet<MentionedType>>();
        foreach (var handle in reader.TypeDefinitions.Where(handle => reader.GetTypeDefinition(handle).GetDeclaringType().IsNil))
        {
            var collector = new Collector(image, reader);
            collector.AddContentsOf(handle);
            result.Add(Outermost(reader, handle), collector.Found);
        }

        return result;
    }

    private static MentionedType Outermost(MetadataReader reader, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeDefinition)
        {
            var type = reader.GetTypeDefinition((TypeDefinitionHandle)handle);
            return type.GetDeclaringType() is { IsNil: false } declaring
                ? Outermost(reader, declaring)
                : new MentionedType("", reader.GetString(type.Namespace), reader.GetString(type.Name));
        }

        var reference = reader.GetTypeReference((TypeReferenceHandle)handle);
        if (reference.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            return Outermost(reader, reference.ResolutionScope);
        }

        var assembly = reader.GetAssemblyReference((AssemblyReferenceHandle)reference.ResolutionScope);
        return new MentionedType(reader.GetString(assembly.Name), reader.GetString(reference.Namespace), reader.GetString(reference.Name));
    }

    /// <summary>Follows every handle and signature to the types in it.</summary>
    private sealed class Collector(PEReader image, MetadataReader reader) : ISignatureTypeProvider<EntityHandle, object?>
    {
        private readonly HashSet<MentionedType> _found = [];

        public IReadOnlySet<MentionedType> Found => _found;

        public void AddContentsOf(TypeDefinitionHandle handle)
        {
            var type = reader.GetTypeDefinition(handle);
            Add(type.BaseType);
            AddAll(type.GetInterfaceImplementations(), face => reader.GetInterfaceImplementation(face).Interface);
            AddAttributes(type.GetCustomAttributes());
            AddConstraints(type.GetGenericParameters());
            foreach (var field in type.GetFields().Select(reader.GetFieldDefinition))
            {
                field.DecodeSignature(this, null);
                AddAttributes(field.GetCustomAttributes());
            }

            foreach (var property in type.GetProperties().Select(reader.GetPropertyDefinition))
            {
                AddAttributes(property.GetCustomAttributes());
            }

            foreach (var method in type.GetMethods().Select(reader.GetMethodDefinition))
            {
                method.DecodeSignature(this, null);
                AddAttributes(method.GetCustomAttributes());
                AddConstraints(method.GetGenericParameters());
                AddAll(MethodBody.Handles(image, method), mentioned => mentioned);
            }

            foreach (var nested in type.GetNestedTypes())
            {
                AddContentsOf(nested);
            }
        }

        private void AddAttributes(CustomAttributeHandleCollection attributes)
            => AddAll(attributes, attribute => reader.GetCustomAttribute(attribute).Constructor);

        private void AddConstraints(GenericParameterHandleCollection parameters)
            => AddAll(parameters.SelectMany(parameter => reader.GetGenericParameter(parameter).GetConstraints()),
                constraint => reader.GetGenericParameterConstraint(constraint).Type);

        private void AddAll<T>(IEnumerable<T> items, Func<T, EntityHandle> handle)
        {
            foreach (var item in items)
            {
                Add(handle(item));
            }
        }

        private void Add(EntityHandle handle)
        {
            switch (handle.Kind)
            {
                case var _ when handle.IsNil:
                    break;
                case HandleKind.TypeDefinition or HandleKind.TypeReference:
                    _found.Add(Outermost(reader, handle));
                    break;
                case HandleKind.TypeSpecification:
                    reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                    break;
                case HandleKind.StandaloneSignature:
                    AddSignature(reader.GetStandaloneSignature((StandaloneSignatureHandle)handle));
                    break;
                case HandleKind.FieldDefinition:
                    Add(reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                    break;
                case HandleKind.MethodDefinition:
                    Add(reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                    break;
                case HandleKind.MethodSpecification:
                    var specification = reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                    specification.DecodeSignature(this, null);
                    Add(specification.Method);
                    break;
                case HandleKind.MemberReference:
                    AddMember(reader.GetMemberReference((MemberReferenceHandle)handle));
                    break;
                default:
                    throw new InvalidOperationException($"Code mentions a {handle.Kind}, which is not followed.");
            }
        }

        private void AddSignature(StandaloneSignature signature)
        {
            if (signature.GetKind() == StandaloneSignatureKind.LocalVariables)
            {
                signature.DecodeLocalSignature(this, null);
            }
            else
            {
                signature.DecodeMethodSignature(this, null);
            }
        }

        private void AddMember(MemberReference member)
        {
            Add(member.Parent);
            if (member.GetKind() == MemberReferenceKind.Field)
            {
                member.DecodeFieldSignature(this, null);
            }
            else
            {
                member.DecodeMethodSignature(this, null);
            }
        }

        public EntityHandle GetTypeFromDefinition(MetadataReader source, TypeDefinitionHandle handle, byte rawTypeKind) => Mention(handle);

        public EntityHandle GetTypeFromReference(MetadataReader source, TypeReferenceHandle handle, byte rawTypeKind) => Mention(handle);

        public EntityHandle GetTypeFromSpecification(MetadataReader source, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => Mention(handle);

        // The parts of a composed type have been mentioned by the time it is composed.
        public EntityHandle GetPrimitiveType(PrimitiveTypeCode typeCode) => default;

        public EntityHandle GetSZArrayType(EntityHandle elementType) => default;

        public EntityHandle GetArrayType(EntityHandle elementType, ArrayShape shape) => default;

        public EntityHandle GetByReferenceType(EntityHandle elementType) => default;

        public EntityHandle GetPointerType(EntityHandle elementType) => default;

        public EntityHandle GetPinnedType(EntityHandle elementType) => default;

        public EntityHandle GetModifiedType(EntityHandle modifier, EntityHandle unmodifiedType, bool isRequired) => default;

        public EntityHandle GetFunctionPointerType(MethodSignature<EntityHandle> signature) => default;

        public EntityHandle GetGenericMethodParameter(object? genericContext, int index) => default;

        public EntityHandle GetGenericTypeParameter(object? genericContext, int index) => default;

        public EntityHandle GetGenericInstantiation(EntityHandle genericType, ImmutableArray<EntityHandle> typeArguments) => default;

        private EntityHandle Mention(EntityHandle handle)
        {
            Add(handle);
            return handle;
        }
    }
}
