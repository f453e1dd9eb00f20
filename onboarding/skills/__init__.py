"""The skills matrix: trees of skills, dated ratings, sign-offs of competences."""
