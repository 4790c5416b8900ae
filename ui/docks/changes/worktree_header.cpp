#include "ui/docks/changes/worktree_header.h"

#include "core/viewmodel/describe.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/recolored_icon_label.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int filesNamed = 12;

QToolButton *makeTool(const QString &icon, const QString &help, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(themedIcon(icon));
    button->setToolTip(help);
    button->setAccessibleName(help);
    return button;
}

QLabel *makeLabel(const QString &role, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setMinimumWidth(1); // a long name does not make the dock wide; the tool tip has all of it
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setProperty("role", role);
    return label;
}

bool hasEnded(const QString &state) { return state == "merged"_L1 || state == "dropped"_L1; }

} // namespace

WorktreeHeader::WorktreeHeader(QWidget *parent)
    : QWidget(parent)
    , m_row(new QBoxLayout(QBoxLayout::LeftToRight))
    , m_title(makeLabel(u"heading"_s, this))
    , m_line(makeLabel(u"muted"_s, this))
    , m_merge(new QPushButton(tr("&Merge…"), this))
    , m_drop(new QPushButton(tr("&Drop…"), this))
    , m_terminal(makeTool(u"terminal"_s, tr("Open a shell in the worktree"), this))
    , m_folder(makeTool(u"folder-open"_s, tr("Show the worktree in the file manager"), this))
    , m_note(new QFrame(this))
    , m_noteSign(new RecoloredIconLabel(u"info"_s, m_note))
    , m_noteText(makeLabel(u"note"_s, m_note))
{
    m_merge->setProperty("role", u"primary"_s);
    m_drop->setProperty("role", u"danger"_s);
    m_note->setProperty("role", u"banner"_s);
    auto *close = makeTool(u"close"_s, tr("Hide this note"), m_note);
    auto *noteRow = new QHBoxLayout(m_note);
    noteRow->addWidget(m_noteSign, 0, Qt::AlignTop);
    noteRow->addWidget(m_noteText, 1);
    noteRow->addWidget(close, 0, Qt::AlignTop);
    m_note->hide();

    auto *texts = new QVBoxLayout;
    texts->setSpacing(metrics::tight() / 2);
    texts->addWidget(m_title);
    texts->addWidget(m_line);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::normal());
    for (QWidget *button : {static_cast<QWidget *>(m_terminal), static_cast<QWidget *>(m_folder),
                            static_cast<QWidget *>(m_drop), static_cast<QWidget *>(m_merge)})
        buttons->addWidget(button);
    m_row->setContentsMargins(metrics::normal(), metrics::tight(), metrics::normal(), metrics::tight());
    m_row->setSpacing(metrics::normal());
    m_row->addLayout(texts, 1);
    m_row->addLayout(buttons);
    m_row->setAlignment(buttons, Qt::AlignTop | Qt::AlignRight);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(m_row);
    column->addWidget(m_note);

    connect(m_merge, &QPushButton::clicked, this, &WorktreeHeader::mergeWanted);
    connect(m_drop, &QPushButton::clicked, this, &WorktreeHeader::dropWanted);
    connect(m_terminal, &QToolButton::clicked, this, &WorktreeHeader::terminalWanted);
    connect(m_folder, &QToolButton::clicked, this, &WorktreeHeader::folderWanted);
    connect(close, &QToolButton::clicked, this, &WorktreeHeader::hideNote);
}

void WorktreeHeader::show(const api::WorktreeInfo &worktree, const QString &name)
{
    m_info = worktree;
    const bool some = worktree.id.isValid();
    m_title->setText(some ? tr("%1 → %2").arg(worktree.branch, worktree.target)
                          : tr("No worktree is chosen"));
    m_title->setToolTip(m_title->text());
    QStringList facts;
    if (some) {
        if (!name.isEmpty())
            facts += name;
        facts += describeWorktreeState(worktree.state);
        if (worktree.commitsAhead > 0)
            facts += tr("%n commit(s)", nullptr, worktree.commitsAhead);
        if (worktree.uncommitted > 0)
            facts += tr("%n file(s) not committed", nullptr, worktree.uncommitted);
        if (!worktree.nested.isEmpty())
            facts += tr("git repositories inside");
        if (hasEnded(worktree.state)) {
            facts += describeAge(worktree.endedAt, QDateTime::currentMSecsSinceEpoch());
            if (!worktree.result.isEmpty())
                facts += worktree.state == "merged"_L1 ? tr("as commit %1").arg(worktree.result.left(12))
                                                       : tr("kept as %1").arg(worktree.result);
        }
    }
    m_line->setText(facts.join(u" · "_s));
    m_line->setVisible(some);
    enableButtons();
}

QString WorktreeHeader::whyNotMerge() const
{
    if (!m_info.id.isValid())
        return tr("No worktree is chosen");
    if (m_info.state == "merged"_L1)
        return tr("It is merged already");
    if (hasEnded(m_info.state))
        return tr("It was dropped");
    return m_info.commitsAhead == 0 ? tr("There is no commit in it to merge") : QString();
}

void WorktreeHeader::enableButtons()
{
    const bool some = m_info.id.isValid();
    const bool alive = some && !hasEnded(m_info.state);
    const QString obstacle = whyNotMerge();
    m_merge->setEnabled(obstacle.isEmpty() && !m_busy);
    m_merge->setToolTip(obstacle.isEmpty()
                            ? tr("Merges its commits into %1 and removes the worktree").arg(m_info.target)
                            : obstacle);
    m_drop->setEnabled(alive && !m_busy);
    m_drop->setToolTip(alive || !some ? tr("Removes the worktree; what is not merged is set aside")
                                      : obstacle);
    const QString gone = some && !alive ? tr("Its folder is gone") : QString();
    m_terminal->setEnabled(alive);
    m_terminal->setToolTip(gone.isEmpty() ? m_terminal->accessibleName() : gone);
    m_folder->setEnabled(alive);
    m_folder->setToolTip(gone.isEmpty() ? m_folder->accessibleName() : gone);
    for (QWidget *button : {static_cast<QWidget *>(m_merge), static_cast<QWidget *>(m_drop)})
        button->setAccessibleDescription(button->isEnabled() ? QString() : button->toolTip());
}

void WorktreeHeader::setBusy(const QString &what)
{
    m_busy = !what.isEmpty();
    if (m_busy) {
        m_noteSign->setIcon(u"status-running"_s, &ThemeColors::running);
        m_noteText->setText(what);
        m_note->show();
    }
    enableButtons();
}

void WorktreeHeader::tellSuccess(const QString &text)
{
    m_noteSign->setIcon(u"status-completed"_s, &ThemeColors::completed);
    m_noteText->setText(text);
    m_note->show();
}

void WorktreeHeader::tellProblem(const EndingProblem &problem)
{
    QString text = problem.text;
    const QStringList named = problem.files.mid(0, filesNamed);
    for (const QString &file : named)
        text += u"\n  " % file;
    if (problem.files.size() > filesNamed)
        text += u"\n  " % tr("and %n more", nullptr, static_cast<int>(problem.files.size()) - filesNamed);
    if (!problem.advice.isEmpty())
        text += u'\n' % problem.advice;
    m_noteSign->setIcon(u"status-failed"_s, &ThemeColors::failed);
    m_noteText->setText(text);
    m_note->show();
}

void WorktreeHeader::setNarrow(bool narrow)
{
    m_row->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void WorktreeHeader::hideNote() { m_note->hide(); }

} // namespace muster
