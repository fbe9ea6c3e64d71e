/* Cells of a grid and their neighbours; see hotspot_math.h. */
#include "statistics/hotspot_math.h"

#include <math.h>

/* Cells are numbered within +- this, so that sums of two stay within 32 bits. */
#define CELL_LIMIT 1e9

/* After so many cells, pause. */
#define PAUSE_CELLS 16384

/* Of a hexagon, place in a system of two axes that are 60 degrees apart: the column, and the row without
 * the half cell by which odd columns are higher. */
static GridCell
axial_of(GridCell cell)
{
	return (GridCell){cell.column, cell.row - (cell.column - (cell.column & 1)) / 2};
}

static GridCell
cell_of_axial(GridCell axial)
{
	return (GridCell){axial.column, axial.row + (axial.column - (axial.column & 1)) / 2};
}

/* The hexagon whose centre is nearest: the three rounded coordinates of a cube have the sum 0 when the one
 * that was rounded most gives way. */
static GridCell
round_hexagon(double column, double row)
{
	double third = -column - row;
	double c = rint(column);
	double r = rint(row);
	double t = rint(third);

	if (fabs(c - column) > fabs(r - row) && fabs(c - column) > fabs(t - third))
		c = -r - t;
	else if (fabs(r - row) > fabs(t - third))
		r = -c - t;
	return (GridCell){(int32_t) c, (int32_t) r};
}

bool
grid_cell_of(GridShape shape, double size, double x, double y, GridCell *cell)
{
	/* columns of hexagons are sqrt(3)/2 cells apart */
	double column = shape == GRID_SQUARE ? floor(x / size) : x / (size * sqrt(0.75));
	double row = shape == GRID_SQUARE ? floor(y / size) : y / size - column / 2;

	if (!(fabs(column) < CELL_LIMIT && fabs(row) < CELL_LIMIT))
		return false;
	*cell = shape == GRID_SQUARE ? (GridCell){(int32_t) column, (int32_t) row}
								 : cell_of_axial(round_hexagon(column, row));
	return true;
}

void
grid_cell_centre(GridShape shape, double size, GridCell cell, double *x, double *y)
{
	if (shape == GRID_SQUARE)
	{
		*x = size * (cell.column + 0.5);
		*y = size * (cell.row + 0.5);
		return;
	}
	*x = size * sqrt(0.75) * cell.column;
	*y = size * (cell.row + 0.5 * (cell.column & 1));
}

size_t
neighbours_room(int32_t count)
{
	size_t room = 16;

	while (room < 2 * (size_t) count)
		room *= 2;
	return room;
}

int
neighbours_most(GridShape shape, int reach)
{
	return shape == GRID_SQUARE ? (2 * reach + 1) * (2 * reach + 1) : 3 * reach * (reach + 1) + 1;
}

static size_t
hash_of(GridCell cell, size_t room)
{
	uint64_t mixed =
		((uint64_t) (uint32_t) cell.column << 32 | (uint32_t) cell.row) * UINT64_C(0x9E3779B97F4A7C15);

	return (size_t) (mixed >> 32) & (room - 1);
}

/* The place of a cell in the table: where it is, or the free one where it belongs. */
static size_t
place_of(const GridCell *cells, const int32_t *table, size_t room, GridCell cell)
{
	size_t place = hash_of(cell, room);

	while (table[place] >= 0 &&
		   (cells[table[place]].column != cell.column || cells[table[place]].row != cell.row))
		place = (place + 1) & (room - 1);
	return place;
}

/* Appends the neighbour of cell i that is so many columns and rows (of axes) away, if there is one. */
static void
add_neighbour(const GridCell *cells, GridShape shape, const int32_t *table, int32_t i, int32_t columns,
			  int32_t rows, int32_t *found, Neighbours *out)
{
	GridCell at = shape == GRID_SQUARE ? cells[i] : axial_of(cells[i]);
	int32_t other;

	at.column += columns;
	at.row += rows;
	if (shape == GRID_HEXAGON)
		at = cell_of_axial(at);
	other = table[place_of(cells, table, neighbours_room(out->count), at)];
	if (other >= 0)
		out->cell[(*found)++] = other;
}

bool
neighbours_find(const GridCell *cells, GridShape shape, int reach, int32_t *table, StatisticsPause pause,
				Neighbours *out)
{
	size_t room = neighbours_room(out->count);
	int32_t found = 0;

	for (size_t i = 0; i < room; i++)
		table[i] = -1;
	for (int32_t i = 0; i < out->count; i++)
	{
		size_t place = place_of(cells, table, room, cells[i]);

		if (table[place] >= 0)
			return false;
		table[place] = i;
	}
	for (int32_t i = 0; i < out->count; i++)
	{
		if (i % PAUSE_CELLS == 0)
			pause();
		out->first[i] = found;
		for (int32_t c = -reach; c <= reach; c++)
			for (int32_t r = -reach; r <= reach; r++)
				if (shape == GRID_SQUARE || (c + r <= reach && c + r >= -reach))
					add_neighbour(cells, shape, table, i, c, r, &found, out);
	}
	out->first[out->count] = found;
	return true;
}
