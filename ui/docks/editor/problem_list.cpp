#include "ui/docks/editor/problem_list.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/rows_model.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/list_view.h"

#include <QLabel>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int mostRows = 5;
constexpr size_t mostProblems = 100; // nobody scrolls through more

RowLook lookOfProblem(const api::FlowProblemInfo &problem)
{
    const FlowProblemText text = describe(problem);
    return {.sign = {u"warning"_s, &ThemeColors::failed},
            .title = text.message,
            .trailing = ProblemList::tr("line %1").arg(problem.line),
            .subtitle = text.hint};
}

} // namespace

class ProblemRows final : public RowsModel<api::FlowProblemInfo> {
public:
    using RowsModel::RowsModel;

    void set(std::vector<api::FlowProblemInfo> problems)
    {
        problems.resize(std::min(problems.size(), mostProblems));
        setRows(std::move(problems), [](const api::FlowProblemInfo &problem) {
            return std::tuple(problem.code, problem.line, problem.column, problem.found);
        });
    }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override
    {
        const api::FlowProblemInfo *problem = rowAt(index.row());
        if (!problem || (role != Qt::DisplayRole && role != Qt::AccessibleTextRole))
            return {};
        const FlowProblemText text = describe(*problem);
        return ProblemList::tr("Line %1: %2 %3").arg(problem->line).arg(text.message, text.hint);
    }
};

ProblemList::ProblemList(QWidget *parent)
    : QWidget(parent)
    , m_rows(new ProblemRows(this))
    , m_title(new QLabel(this))
    , m_list(new ListView(tr("Problems"), [this](const QModelIndex &index) {
        return lookOfProblem(*m_rows->rowAt(index.row()));
    }, true, this))
{
    m_title->setProperty("role", u"heading"_s);
    m_title->setBuddy(m_list);
    m_title->setContentsMargins(metrics::normal(), metrics::tight(), metrics::normal(), metrics::tight());
    m_list->setModel(m_rows);
    m_list->setMaxRows(mostRows);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_title);
    column->addWidget(m_list);
    connect(m_list, &ListView::clicked, this, [this](const QModelIndex &index) { tell(index.row()); });
    connect(m_list, &ListView::activated, this, [this](const QModelIndex &index) { tell(index.row()); });
    hide();
}

void ProblemList::setProblems(const std::vector<api::FlowProblemInfo> &problems)
{
    m_rows->set(problems);
    m_title->setText(tr("%n problem(s); F8 goes to the next", nullptr, static_cast<int>(problems.size())));
    setVisible(!problems.empty());
}

int ProblemList::count() const { return m_rows->rowCount(); }

QWidget *ProblemList::list() const { return m_list; }

void ProblemList::goToNext(int line, int column)
{
    if (count() == 0)
        return;
    int next = 0;
    for (int row = 0; row < count(); ++row) {
        const api::FlowProblemInfo *problem = m_rows->rowAt(row);
        if (std::pair(problem->line, problem->column) > std::pair(line, column)) {
            next = row;
            break;
        }
    }
    m_list->setCurrentIndex(m_rows->index(next));
    tell(next);
}

void ProblemList::tell(int row)
{
    if (const api::FlowProblemInfo *problem = m_rows->rowAt(row))
        emit chosen(problem->line, problem->column);
}

} // namespace muster
