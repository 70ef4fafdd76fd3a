namespace Microsoft.ML.Spatial.Samples.FashionMnist.Generation;

/// <summary>
/// P: the corners e_j of a square, in the order (-,-), (+,-), (+,+), (-,+) times 13.5, are moved to
/// m_j = s e_j + f (5 normal(2+4j), 5 normal(4+4j)) with s = 0.75 + 0.25 u0; f = 1, halved while any corner's cross product
/// (m_j - m_{j-1}) x (m_{j+1} - m_j) is below 60, so that the quadrilateral stays convex. q = H p, where the homography H brings
/// every m_j to e_j. The canvas is 42 x 42.
/// </summary>
internal sealed class ProjectiveStretch : Warp
{
    private const int Corners = 4;
    private const int Unknowns = 8;
    private const double LeastTurn = 60;
    private const int MostHalvings = 40;
    private const double LeastDenominator = 1e-9;

    private static readonly double[] CornerX = [-Centre, Centre, Centre, -Centre];
    private static readonly double[] CornerY = [-Centre, -Centre, Centre, Centre];

    /// <inheritdoc/>
    public override string Name => "P";

    /// <inheritdoc/>
    public override string Description => "scale 0.75 to 1 and corners stretched at random, on 42 x 42";

    /// <inheritdoc/>
    public override int Id => 2;

    /// <inheritdoc/>
    public override int CanvasSide => 42;

    /// <inheritdoc/>
    protected override void Map(CounterUniforms uniforms, Span<double> qx, Span<double> qy)
    {
        Span<double> mx = stackalloc double[Corners];
        Span<double> my = stackalloc double[Corners];
        MoveCorners(uniforms, mx, my);
        Span<double> h = stackalloc double[Unknowns];
        SolveHomography(mx, my, h);

        double middle = (CanvasSide - 1) / 2.0;
        int k = 0;
        for (int r = 0; r < CanvasSide; r++)
        {
            double y = r - middle;
            for (int c = 0; c < CanvasSide; c++, k++)
            {
                double x = c - middle;
                double w = h[6] * x + h[7] * y + 1;
                if (Math.Abs(w) < LeastDenominator)
                    w = LeastDenominator;
                qx[k] = (h[0] * x + h[1] * y + h[2]) / w;
                qy[k] = (h[3] * x + h[4] * y + h[5]) / w;
            }
        }
    }

    private static void MoveCorners(CounterUniforms uniforms, Span<double> mx, Span<double> my)
    {
        double scale = 0.75 + 0.25 * uniforms[0], factor = 1;
        for (int halvings = 0; halvings < MostHalvings; halvings++, factor /= 2)
        {
            for (int j = 0; j < Corners; j++)
            {
                mx[j] = scale * CornerX[j] + factor * (5 * uniforms.Normal(2 + 4 * j));
                my[j] = scale * CornerY[j] + factor * (5 * uniforms.Normal(4 + 4 * j));
            }

            if (IsConvex(mx, my))
                return;
        }
    }

    private static bool IsConvex(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        for (int j = 0; j < Corners; j++)
        {
            int before = (j + Corners - 1) % Corners, after = (j + 1) % Corners;
            if ((x[j] - x[before]) * (y[after] - y[j]) - (y[j] - y[before]) * (x[after] - x[j]) < LeastTurn)
                return false;
        }

        return true;
    }

    /// <summary>The entries of H, row by row and without the last, which is 1: two linear equations a corner.</summary>
    private static void SolveHomography(ReadOnlySpan<double> mx, ReadOnlySpan<double> my, Span<double> h)
    {
        Span<double> matrix = stackalloc double[Unknowns * Unknowns];
        matrix.Clear();
        for (int j = 0; j < Corners; j++)
        {
            Equation(matrix.Slice(2 * j * Unknowns, Unknowns), 0, mx[j], my[j], CornerX[j]);
            Equation(matrix.Slice((2 * j + 1) * Unknowns, Unknowns), 3, mx[j], my[j], CornerY[j]);
            h[2 * j] = CornerX[j];
            h[2 * j + 1] = CornerY[j];
        }

        LinearSystem.Solve(matrix, h, Unknowns, 1);

        static void Equation(Span<double> row, int first, double x, double y, double target)
        {
            row[first] = x;
            row[first + 1] = y;
            row[first + 2] = 1;
            row[6] = -target * x;
            row[7] = -target * y;
        }
    }
}
