#include "core/node/flows/approvals.h"

#include <QJsonDocument>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr auto approvalPrefix = "approval:"_L1;

QString inboxKey(const AttemptKey &key) { return approvalPrefix + key.toString(); }

QString readable(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        return {};
    case QJsonValue::String:
        return value.toString();
    case QJsonValue::Array: {
        QStringList parts;
        const QJsonArray array = value.toArray();
        for (const auto &part : array)
            parts += readable(part);
        return parts.join(u"\n\n"_s);
    }
    case QJsonValue::Object:
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson());
    default:
        return value.toVariant().toString();
    }
}

InboxRow rowFor(const ApprovalSpec &spec, const RunBook &book)
{
    const bool again = spec.purpose == ApprovalPurpose::RunAgain;
    InboxRow item{
        .key = inboxKey(spec.key),
        .kind = InboxKind::Approval,
        .refs = book.refs({spec.key.step, spec.key.item}),
        .title = again ? QString() : spec.ask,
        .body = {{u"purpose"_s, enumName(spec.purpose)},
                 {u"show"_s, readable(spec.show)},
                 {u"command"_s, again ? spec.ask : QString()},
                 {u"may_write"_s, QJsonArray::fromStringList(spec.permissions.write)},
                 {u"may_run"_s, QJsonArray::fromStringList(spec.permissions.run)},
                 {u"who"_s, u"%1 #%2 · %3"_s.arg(book.run.flow).arg(book.run.number).arg(spec.key.step)}}};
    if (spec.deadlineMs > 0)
        item.expiresMs = spec.deadlineMs;
    return item;
}

} // namespace

Approvals::Approvals(InboxDesk &inbox, RunBooks &books, QObject *parent)
    : QObject(parent)
    , m_inbox(inbox)
    , m_books(books)
{
    connect(&m_inbox, &InboxDesk::answered, this, &Approvals::onAnswered);
}

void Approvals::ask(const ApprovalSpec &spec)
{
    const RunBook *book = m_books.find(spec.key.run);
    if (!book)
        return;
    const InboxRow item = rowFor(spec, *book);
    // --yes answers what the flow's author asks, never whether a lost command may run twice.
    if (book->run.yes && spec.purpose == ApprovalPurpose::Step)
        m_inbox.openAnswered(item, {.answer = u"yes"_s, .scope = u"once"_s, .by = u"--yes"_s});
    else
        m_inbox.open(item);
}

void Approvals::withdraw(const AttemptKey &key, const QString &by) { m_inbox.withdraw(inboxKey(key), by); }

void Approvals::onAnswered(const InboxRow &item)
{
    if (!item.key || !item.key->startsWith(approvalPrefix) || !m_engine)
        return;
    const auto key = AttemptKey::fromString(QStringView(*item.key).sliced(approvalPrefix.size()));
    if (!key)
        return;
    // A run that is not driven here gets its answer from the inbox when its owner asks again.
    if (Status told = m_engine->answerApproval(*key, saysYes(item), item.answeredBy, item.message); !told)
        return;
}

} // namespace muster
