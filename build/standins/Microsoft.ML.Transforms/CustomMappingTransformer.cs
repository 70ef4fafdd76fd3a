using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Adds columns that the user's own code computes, row object by row object.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly SchemaDefinition _inputDefinition;
    private readonly RowMember[] _outputs;

    internal CustomMappingTransformer(IHostEnvironment env, Action<TSrc, TDst> mapAction,
        SchemaDefinition inputSchemaDefinition, SchemaDefinition outputSchemaDefinition)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(mapAction);
        _mapAction = mapAction;
        _inputDefinition = inputSchemaDefinition;
        _outputs = RowMember.Of(typeof(TDst), outputSchemaDefinition, SchemaDefinition.Direction.Read);
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal IEnumerable<string> InputColumns =>
        RowMember.Of(typeof(TSrc), _inputDefinition, SchemaDefinition.Direction.Write).Select(member => member.Column.Name);

    internal DataViewSchema AddedSchema => RowMember.SchemaOf(_outputs);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new InvalidOperationException("A custom mapping is the program's own code and cannot be saved here; save the rest of the pipeline without it.");

    private RowMapping Bind(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return RowMapping.Add(new Mapper(this, schema));
    }

    private sealed class Mapper : RowMapper
    {
        private readonly CustomMappingTransformer<TSrc, TDst> _parent;
        private readonly RowFiller<TSrc> _filler;

        public Mapper(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema schema)
            : base(schema)
        {
            _parent = parent;
            _filler = new RowFiller<TSrc>(schema, parent._inputDefinition, ignoreMissingColumns: false);
        }

        public override DataViewSchema.DetachedColumn[] GetOutputColumns() => _parent._outputs.Select(member => member.Column).ToArray();

        public override IEnumerable<int> GetDependencies(int output) => _filler.Columns.Select(column => column.Index);

        /// <summary>The action runs once a row, when the first of its columns is read.</summary>
        public override Delegate[] MakeGetters(DataViewRow input, Func<int, bool> isActive, out Action disposer)
        {
            disposer = null;
            var getters = new Delegate[_parent._outputs.Length];
            if (!Enumerable.Range(0, getters.Length).Any(isActive))
            {
                return getters;
            }

            Action<TSrc> fill = _filler.Bind(input);
            var source = new TSrc();
            var destination = new TDst();
            long position = -1;
            TDst Current()
            {
                if (input.Position != position)
                {
                    fill(source);
                    _parent._mapAction(source, destination);
                    position = input.Position;
                }

                return destination;
            }

            for (int i = 0; i < getters.Length; i++)
            {
                if (isActive(i))
                {
                    getters[i] = MemberReader<TDst>.Create(_parent._outputs[i]).CreateGetter(Current);
                }
            }

            return getters;
        }
    }
}
