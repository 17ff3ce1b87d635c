# The configuration of nbgrader (https://nbgrader.readthedocs.io) for a course of Sockbook's lessons.
# From this folder: nbgrader generate_assignment 00-start, then release, collect, autograde as nbgrader explains.
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "sockbook"

# Go's comments mark what students do not get, and what stands there instead.
c.ClearSolutions.begin_solution_delimeter = "// BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "// END SOLUTION"
c.ClearSolutions.code_stub = {"go": 'panic("write your answer here")'}
c.ClearHiddenTests.begin_test_delimeter = "// BEGIN HIDDEN TESTS"
c.ClearHiddenTests.end_test_delimeter = "// END HIDDEN TESTS"
c.ClearMarkScheme.begin_mark_scheme_delimeter = "// BEGIN MARK SCHEME"
c.ClearMarkScheme.end_mark_scheme_delimeter = "// END MARK SCHEME"

# A check that does not pass is an error of its cell, and the cells after it are run all the same.
c.ExecutePreprocessor.timeout = 120
