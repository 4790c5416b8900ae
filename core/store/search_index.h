// Full text over events, stream chunks and messages. The indexes hold no copy of the text and are fed behind
// what is stored, in batches while idle, so that writing stays fast. Newest first, because ranking frequent
// words is slow. feed() and forget*() on the writer; search() on any connection.
#pragma once

#include "core/store/connection.h"

namespace muster {

enum class SearchScope : std::uint8_t { Events, Streams, Messages };

struct SearchHit {
    qint64 id = 0;   // event seq, chunk id or message id
    QString snippet; // around the words found, these between U+0002 and U+0003
};

class SearchIndex {
public:
    explicit SearchIndex(Connection &db)
        : m_db(db)
    {
    }

    // At most `rows` rows of each kind, and of texts not much more than half a megabyte, so that a batch
    // never holds the writer up for long; whether there may be more.
    [[nodiscard]] Result<bool> feed(int rows);
    // Newest first, all words (the last one may be a beginning); `beforeId` 0: from the newest.
    [[nodiscard]] Result<std::vector<SearchHit>> search(SearchScope scope, const QString &words,
                                                        qint64 beforeId, int limit);
    // Before rows are deleted: takes them out of the index.
    [[nodiscard]] Status forgetEvents(qint64 firstSeq, qint64 lastSeq);
    [[nodiscard]] Status forgetStreams(qint64 firstId, qint64 lastId);

    // What a person typed, as a query that cannot be a syntax error; empty: no words in it.
    [[nodiscard]] static QString matchExpression(const QString &words);

private:
    Connection &m_db;
};

} // namespace muster
