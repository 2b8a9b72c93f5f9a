namespace NurtureEngine.Host.Facts;

/// <summary>
/// Remembers, for a while, what was told, so that it is not looked up again and again. Only to save work: who is taken for told and was
/// not is told with their lead.
/// </summary>
internal sealed class ToldOnce(int most)
{
    private readonly Lock _lock = new();
    private readonly HashSet<int> _told = [];

    /// <summary>True where it is told for the first time in a while.</summary>
    public bool Add(int word)
    {
        lock (_lock)
        {
            if (_told.Count >= most)
            {
                _told.Clear();
            }

            return _told.Add(word);
        }
    }
}
