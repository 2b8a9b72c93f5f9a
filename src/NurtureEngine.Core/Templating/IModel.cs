namespace NurtureEngine.Core.Templating;

/// <summary>
/// What a template may read. Values are texts, <see cref="long"/>s, <see cref="double"/>s, <see cref="decimal"/>s, Booleans, <see cref="DateTimeOffset"/>s, <see cref="WrittenNumber"/>s, lists, null or
/// further models; nothing else of .NET can be reached.
/// </summary>
public interface IModel
{
    /// <summary>False where the model has no such field; a field without a value is true with null.</summary>
    bool TryGet(string name, out object? value);
}
