namespace NurtureEngine.Host.Storage;

/// <summary>The database can't be had; the message is one sentence that says what to do.</summary>
internal sealed class StorageException : Exception
{
    public StorageException(string message)
        : base(message) { }

    public StorageException(string message, Exception inner)
        : base(message, inner) { }
}
