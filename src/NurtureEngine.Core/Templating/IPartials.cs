namespace NurtureEngine.Core.Templating;

/// <summary>The templates that <c>include</c> finds by their names.</summary>
public interface IPartials
{
    /// <summary>No partials at all.</summary>
    static IPartials None { get; } = new NoPartials();

    /// <summary>Null where there is none of that name.</summary>
    Template? Find(string name);

    private sealed class NoPartials : IPartials
    {
        public Template? Find(string name) => null;
    }
}
